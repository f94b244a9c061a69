/** Draw boxes over a frame. Labels are drawn as text, and so cannot become markup. */

import { LABEL_COLORS } from "../protocol";
import type { Box } from "./boxes";

export interface BoxStyle {
  readonly labels: readonly string[];
  /** The number of each label's color. */
  readonly colors: readonly number[];
  readonly byTrack: boolean;
  readonly showLabels: boolean;
  readonly selection: ReadonlySet<number>;
  readonly hover: number;
}

/** The color of a label's or track's number. */
export function colorOf(number: number): string {
  return LABEL_COLORS[number % LABEL_COLORS.length] ?? LABEL_COLORS[0];
}

export function colorOfBox(box: Box, { byTrack, colors }: BoxStyle): string {
  const hasTrack = byTrack && box.track >= 0;
  return colorOf(hasTrack ? box.track : (colors[box.label] ?? box.label));
}

/** The text on a box: label, track and score. */
export function caption(box: Box, labels: readonly string[]): string {
  const track = box.track >= 0 ? ` #${box.track}` : "";
  return `${labels[box.label] ?? ""}${track} ${box.score.toFixed(2)}`;
}

/** Draw boxes onto a canvas of `scale` pixels for each of the source's. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  boxes: readonly Box[],
  scale: number,
  style: BoxStyle,
): void {
  context.font = "600 11px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (const box of boxes) {
    const isSelected = style.selection.has(box.row);
    const color = colorOfBox(box, style);
    const [left, top] = [box.x1 * scale, box.y1 * scale];
    const [width, height] = [(box.x2 - box.x1) * scale, (box.y2 - box.y1) * scale];
    if (isSelected || style.hover === box.row) {
      context.fillStyle = color;
      context.globalAlpha = isSelected ? 0.28 : 0.15;
      context.fillRect(left, top, width, height);
      context.globalAlpha = 1;
    }
    // A dark line around the light one is visible on any picture.
    context.lineWidth = isSelected ? 5 : 4;
    context.strokeStyle = "rgba(0, 0, 0, 0.55)";
    context.strokeRect(left, top, width, height);
    context.lineWidth = isSelected ? 3 : 2;
    context.strokeStyle = color;
    context.strokeRect(left, top, width, height);
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
  const width = context.measureText(text).width + 8;
  const height = 16;
  const bottom = top >= height ? top : top + height;
  context.fillStyle = color;
  context.fillRect(left - 1, bottom - height, width, height);
  context.fillStyle = "#101010";
  context.fillText(text, left + 3, bottom - height / 2 + 0.5);
}

/** The smallest box under a point, in pixels of the source. */
export function boxAt(boxes: readonly Box[], x: number, y: number): Box | undefined {
  const area = (box: Box) => (box.x2 - box.x1) * (box.y2 - box.y1);
  return boxes
    .filter((box) => box.x1 <= x && x <= box.x2 && box.y1 <= y && y <= box.y2)
    .sort((a, b) => area(a) - area(b))[0];
}
