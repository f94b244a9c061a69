/** Points, corners and their changes on the picture, in its pixels. Pure. */

import type { StageLayer } from "../protocol";

export type Point = readonly [number, number];
export type Corners = readonly [Point, Point, Point, Point];
/** The first row, then the second: x is a*u + b*v + c. */
export type Matrix = StageLayer["matrix"];

/** Scale and turn about a point, then move. */
export interface Similarity {
  readonly dx: number;
  readonly dy: number;
  readonly factor: number;
  readonly turnDeg: number;
  readonly about: Point;
}

export const UNIT: Corners = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
export const STILL: Similarity = { dx: 0, dy: 0, factor: 1, turnDeg: 0, about: [0, 0] };

export function isStill({ dx, dy, factor, turnDeg }: Similarity): boolean {
  return !dx && !dy && factor === 1 && !turnDeg;
}

export function moved(change: Similarity, [x, y]: Point): Point {
  const angle = (change.turnDeg * Math.PI) / 180;
  const cos = Math.cos(angle) * change.factor;
  const sin = Math.sin(angle) * change.factor;
  const [ax, ay] = change.about;
  const [u, v] = [x - ax, y - ay];
  return [ax + cos * u - sin * v + change.dx, ay + sin * u + cos * v + change.dy];
}

export function each(corners: Corners, change: (point: Point) => Point): Corners {
  const [a, b, c, d] = corners;
  return [change(a), change(b), change(c), change(d)];
}

export function mapped([a, b, c, d, e, f]: Matrix, [u, v]: Point): Point {
  return [a * u + b * v + c, d * u + e * v + f];
}

/** Where a point of the picture lies before a matrix; undefined if it is flat. */
export function unmapped([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point | undefined {
  const area = a * e - b * d;
  if (!area) return undefined;
  const [u, v] = [x - c, y - f];
  return [(e * u - b * v) / area, (a * v - d * u) / area];
}

export function center([a, b, c, d]: Corners): Point {
  return [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4];
}

export function middleOf(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** The angle from one point to another, clockwise from the right, in degrees. */
export function angleOf(from: Point, to: Point): number {
  return (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI;
}

/** Whether a point lies within four corners, whichever way round they run. */
export function contains(corners: Corners, [x, y]: Point): boolean {
  let isInside = false;
  for (const [n, [x1, y1]] of corners.entries()) {
    const [x2, y2] = corners[(n + 3) % 4] ?? [0, 0];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1)
      isInside = !isInside;
  }
  return isInside;
}

/** The topmost layer at a point; layers come from the bottom to the top. */
export function layerAt(
  layers: readonly StageLayer[],
  point: Point,
): StageLayer | undefined {
  return [...layers].reverse().find((layer) => contains(layer.corners, point));
}

/** Eight numbers of the projection that takes the unit square to four corners. */
export type Projection = readonly number[];

/** Heckbert, "Fundamentals of Texture Mapping and Image Warping" (1989), 2.2.3. */
export function projectionTo([p0, p1, p2, p3]: Corners): Projection {
  const [dx1, dy1] = [p1[0] - p2[0], p1[1] - p2[1]];
  const [dx2, dy2] = [p3[0] - p2[0], p3[1] - p2[1]];
  const sx = p0[0] - p1[0] + p2[0] - p3[0];
  const sy = p0[1] - p1[1] + p2[1] - p3[1];
  const area = dx1 * dy2 - dx2 * dy1 || 1e-12;
  const g = (sx * dy2 - dx2 * sy) / area;
  const h = (dx1 * sy - sx * dy1) / area;
  return [
    p1[0] - p0[0] + g * p1[0],
    p3[0] - p0[0] + h * p3[0],
    p0[0],
    p1[1] - p0[1] + g * p1[1],
    p3[1] - p0[1] + h * p3[1],
    p0[1],
    g,
    h,
  ];
}

export function projected(projection: Projection, [u, v]: Point): Point {
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0] = projection;
  const w = g * u + h * v + 1 || 1e-12;
  return [(a * u + b * v + c) / w, (d * u + e * v + f) / w];
}

export function unprojected(projection: Projection, [x, y]: Point): Point {
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0] = projection;
  // Two linear equations of the share, each multiplied by its weight.
  const [a1, b1, c1] = [a - g * x, b - h * x, x - c];
  const [a2, b2, c2] = [d - g * y, e - h * y, y - f];
  const area = a1 * b2 - a2 * b1 || 1e-12;
  return [(c1 * b2 - c2 * b1) / area, (a1 * c2 - a2 * c1) / area];
}

/** The smallest upright box around points: left, top, right, bottom. */
export function bounds(
  points: readonly Point[],
): readonly [number, number, number, number] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
