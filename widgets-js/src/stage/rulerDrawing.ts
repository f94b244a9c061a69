/** Draw the rulers of the picture, and the guides of one's own, as SVG. */

import { bounds, type Corners, type Point } from "./geometry";
import { RULER_CSS, ticksOf } from "./rulers";
import type { Lines } from "./snap";

const SVG = "http://www.w3.org/2000/svg";
const TICK_CSS = 5;

export interface RulerDrawing {
  /** Page pixels a pixel of the picture. */
  readonly scale: number;
  readonly size: Point;
  /** What is selected: its sides are marked. */
  readonly corners: Corners | undefined;
}

/** The guides from edge to edge, light over dark. */
export function guideParts({ x, y }: Lines, size: Point, scale: number): SVGElement[] {
  const [width, height] = [size[0] * scale, size[1] * scale];
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    ["under own", "own"].map((kind) => element("line", { x1, y1, x2, y2 }, kind));
  return [
    ...x.flatMap((at) => line(at * scale, 0, at * scale, height)),
    ...y.flatMap((at) => line(0, at * scale, width, at * scale)),
  ];
}

export function rulerParts({ scale, size, corners }: RulerDrawing): SVGElement[] {
  const [width, height] = [size[0] * scale, size[1] * scale];
  const parts = [
    element("rect", { x: 0, y: 0, width, height: RULER_CSS }, "ruler"),
    element("rect", { x: 0, y: 0, width: RULER_CSS, height }, "ruler"),
  ];
  if (corners) {
    const [left, top, right, bottom] = bounds(corners).map((side) => side * scale) as [
      number,
      number,
      number,
      number,
    ];
    const across = { x: left, y: 0, width: right - left, height: RULER_CSS };
    const down = { x: 0, y: top, width: RULER_CSS, height: bottom - top };
    parts.push(element("rect", across, "extent"), element("rect", down, "extent"));
  }
  for (const { at, isLabeled } of ticksOf(size[0], scale)) {
    const x = at * scale;
    const y1 = isLabeled ? 0 : RULER_CSS - TICK_CSS;
    parts.push(element("line", { x1: x, y1, x2: x, y2: RULER_CSS }, "tick"));
    if (isLabeled && at) parts.push(label(at, x + 3, 9));
  }
  for (const { at, isLabeled } of ticksOf(size[1], scale)) {
    const y = at * scale;
    if (y < RULER_CSS) continue;
    const x1 = isLabeled ? 0 : RULER_CSS - TICK_CSS;
    parts.push(element("line", { x1, y1: y, x2: RULER_CSS, y2: y }, "tick"));
    if (isLabeled) parts.push(label(at, 9, y + 3, true));
  }
  return parts;
}

function label(at: number, x: number, y: number, isUpright = false): SVGElement {
  const text = element("text", { x, y }, "ruler-label");
  text.textContent = String(at);
  if (isUpright) text.setAttribute("transform", `rotate(90 ${x - 7} ${y})`);
  return text;
}

function element(
  tag: string,
  numbers: Readonly<Record<string, number>>,
  kind: string,
): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(numbers)) {
    made.setAttribute(name, value.toFixed(2));
  }
  made.setAttribute("class", kind);
  return made;
}
