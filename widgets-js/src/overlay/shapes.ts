/** Zones and lines over the picture: which one a press takes, and how they are drawn. */

import type { ShapeView } from "../protocol";
import type { Point } from "./boxDrag";

const REACH_PX = 6;

/** The drawn shape whose line or corner is near a point, in pixels of the source. */
export function shapeAt(
  shapes: readonly ShapeView[],
  point: Point,
  scale: number,
): ShapeView | undefined {
  return [...shapes]
    .reverse()
    .find((shape) => shape.number > 0 && away(shape, point) * scale <= REACH_PX);
}

/** How far a point is from the line of a shape. */
function away({ points, closed }: ShapeView, point: Point): number {
  const ends = closed ? [...points, points[0] ?? point] : points;
  return Math.min(
    ...ends.slice(1).map((end, n) => awayFromSegment(ends[n] ?? end, end, point)),
  );
}

function awayFromSegment([x1, y1]: Point, [x2, y2]: Point, [x, y]: Point): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const long = dx * dx + dy * dy || 1;
  const share = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / long));
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}

export function drawShapes(
  context: CanvasRenderingContext2D,
  shapes: readonly ShapeView[],
  scale: number,
  selected: number,
): void {
  context.font = "600 11px system-ui, sans-serif";
  for (const shape of shapes) {
    const [first] = shape.points;
    if (!first) continue;
    const isSelected = selected > 0 && shape.number === selected;
    const color = isSelected ? "#ffffff" : "#ffd54a";
    for (const [width, stroke] of [
      [isSelected ? 6 : 4, "rgba(0, 0, 0, 0.55)"],
      [isSelected ? 3 : 2, color],
    ] as const) {
      context.lineWidth = width;
      context.strokeStyle = stroke;
      context.beginPath();
      for (const [x, y] of shape.points) context.lineTo(x * scale, y * scale);
      if (shape.closed) context.closePath();
      context.stroke();
    }
    context.fillStyle = color;
    context.fillText(shape.name, first[0] * scale + 4, first[1] * scale - 6);
  }
}

/** Draw what is being drawn: a box of two points, or a chain of lines. */
export function drawDraft(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  scale: number,
): void {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return;
  context.lineWidth = 2;
  context.strokeStyle = "#ffffff";
  context.setLineDash([6, 4]);
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x * scale, y * scale);
  if (points.length === 2) {
    const [x, y] = [first[0] * scale, first[1] * scale];
    context.rect(x, y, last[0] * scale - x, last[1] * scale - y);
  }
  context.stroke();
  context.setLineDash([]);
}
