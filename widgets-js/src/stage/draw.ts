/** Draw the outline, the handles and the guides of the picture as SVG. */

import type { Corners, Point } from "./geometry";
import { bounds, center } from "./geometry";
import type { PlacedHandle } from "./handles";
import { guideParts, rulerParts } from "./rulerDrawing";
import type { Lines } from "./snap";

const SVG = "http://www.w3.org/2000/svg";

export interface StageDrawing {
  /** Page pixels a pixel of the picture. */
  readonly scale: number;
  readonly size: Point;
  readonly corners: Corners | undefined;
  readonly hover: Corners | undefined;
  readonly handles: readonly PlacedHandle[];
  readonly guideX: number | undefined;
  readonly guideY: number | undefined;
  readonly showsGuides: boolean;
  readonly showsRulers: boolean;
  /** Those pulled out of the rulers. */
  readonly ownGuides: Lines;
  readonly isLocked: boolean;
}

export function makeDrawing(): {
  readonly element: SVGSVGElement;
  draw(drawing: StageDrawing): void;
} {
  const element = document.createElementNS(SVG, "svg");
  element.setAttribute("class", "tnb-stage-drawing");
  element.setAttribute("aria-hidden", "true");
  return {
    element,
    draw: (drawing) => element.replaceChildren(...partsOf(drawing)),
  };
}

function partsOf(drawing: StageDrawing): SVGElement[] {
  const { scale, size, corners, hover } = drawing;
  const [width, height] = [size[0] * scale, size[1] * scale];
  const parts: SVGElement[] = [];
  if (drawing.showsGuides) {
    for (const share of [1 / 3, 2 / 3]) {
      parts.push(...line(share * width, 0, share * width, height, "third"));
      parts.push(...line(0, share * height, width, share * height, "third"));
    }
    parts.push(...line(width / 2, 0, width / 2, height, "center"));
    parts.push(...line(0, height / 2, width, height / 2, "center"));
  }
  if (drawing.showsRulers) {
    parts.push(...guideParts(drawing.ownGuides, size, scale));
    parts.push(...rulerParts(drawing));
  }
  if (hover) parts.push(...outline(hover, scale, "hover"));
  if (corners) {
    parts.push(...outline(corners, scale, drawing.isLocked ? "locked" : "selected"));
  }
  const { guideX, guideY } = drawing;
  if (guideX !== undefined)
    parts.push(...line(guideX * scale, 0, guideX * scale, height, "snap"));
  if (guideY !== undefined)
    parts.push(...line(0, guideY * scale, width, guideY * scale, "snap"));
  const middle = corners && center(corners);
  for (const { handle, at } of drawing.handles) {
    const [x, y] = [at[0] * scale, at[1] * scale];
    if (handle.kind === "rotate" && corners && middle) {
      parts.push(...line(middle[0] * scale, middle[1] * scale, x, y, "arm"));
      parts.push(shape("circle", { cx: x, cy: y, r: 6 }, "handle"));
    } else if (handle.kind === "edge") {
      parts.push(square(x, y, 8));
    } else {
      parts.push(square(x, y, 10));
    }
  }
  return parts;
}

/** A line that is seen on every picture: a light one over a wider dark one. */
function line(x1: number, y1: number, x2: number, y2: number, kind: string) {
  return ["under", kind].map((name) =>
    shape("line", { x1, y1, x2, y2 }, name === "under" ? `under ${kind}` : name),
  );
}

function outline(corners: Corners, scale: number, kind: string): SVGElement[] {
  const points = corners.map(([x, y]) => `${x * scale},${y * scale}`).join(" ");
  return ["under", kind].map((name) => {
    const element = shape("polygon", {}, name === "under" ? `under ${kind}` : name);
    element.setAttribute("points", points);
    if (name !== "under") {
      const box = bounds(corners).map((side) => side.toFixed(1));
      element.setAttribute("data-box", box.join(" "));
    }
    return element;
  });
}

function square(x: number, y: number, side: number): SVGElement {
  const place = { x: x - side / 2, y: y - side / 2, width: side, height: side };
  return shape("rect", place, "handle");
}

function shape(
  tag: string,
  numbers: Readonly<Record<string, number>>,
  kind: string,
): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(numbers)) {
    element.setAttribute(name, value.toFixed(2));
  }
  element.setAttribute("class", kind);
  return element;
}
