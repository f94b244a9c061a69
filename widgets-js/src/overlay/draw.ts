/** Draws boxes over a frame. Labels are drawn as text, and so cannot become markup. */

import type { Box } from "./boxes";

export interface Style {
  readonly labels: readonly string[];
  readonly byTrack: boolean;
  readonly showLabels: boolean;
  readonly selection: ReadonlySet<number>;
  readonly hover: number;
}

/** A color for a number: neighbors lie far apart on the circle of hues. */
export function colorOf(number: number): string {
  const hue = (number * 137.508 + 15) % 360;
  return `hsl(${hue.toFixed(0)} 85% 62%)`;
}

export function colorOfBox(box: Box, byTrack: boolean): string {
  return colorOf(byTrack && box.track >= 0 ? box.track : box.label);
}

/** What is written on a box. */
export function caption(box: Box, labels: readonly string[]): string {
  const track = box.track >= 0 ? ` #${box.track}` : "";
  return `${labels[box.label] ?? ""}${track} ${box.score.toFixed(2)}`;
}

/** Draw boxes in pixels of the film onto a canvas of another size. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  boxes: readonly Box[],
  scale: number,
  style: Style,
): void {
  context.font = "600 11px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (const box of boxes) {
    const chosen = style.selection.has(box.row);
    const color = colorOfBox(box, style.byTrack);
    const [left, top] = [box.x1 * scale, box.y1 * scale];
    const [wide, high] = [(box.x2 - box.x1) * scale, (box.y2 - box.y1) * scale];
    if (chosen || style.hover === box.row) {
      context.fillStyle = color;
      context.globalAlpha = chosen ? 0.28 : 0.15;
      context.fillRect(left, top, wide, high);
      context.globalAlpha = 1;
    }
    // A dark line around the light one is seen on any picture.
    context.lineWidth = chosen ? 5 : 4;
    context.strokeStyle = "rgba(0, 0, 0, 0.55)";
    context.strokeRect(left, top, wide, high);
    context.lineWidth = chosen ? 3 : 2;
    context.strokeStyle = color;
    context.strokeRect(left, top, wide, high);
    if (style.showLabels)
      drawCaption(context, caption(box, style.labels), left, top, color);
  }
}

function drawCaption(
  context: CanvasRenderingContext2D,
  text: string,
  left: number,
  top: number,
  color: string,
): void {
  const wide = context.measureText(text).width + 8;
  const high = 16;
  const foot = top >= high ? top : top + high;
  context.fillStyle = color;
  context.fillRect(left - 1, foot - high, wide, high);
  context.fillStyle = "#101010";
  context.fillText(text, left + 3, foot - high / 2 + 0.5);
}

/** The smallest box under a point, in pixels of the film. */
export function boxAt(boxes: readonly Box[], x: number, y: number): Box | undefined {
  const area = (box: Box) => (box.x2 - box.x1) * (box.y2 - box.y1);
  return boxes
    .filter((box) => box.x1 <= x && x <= box.x2 && box.y1 <= y && y <= box.y2)
    .sort((a, b) => area(a) - area(b))[0];
}
