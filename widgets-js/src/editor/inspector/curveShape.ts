/** Points of a curve from 0 to 1, and the smooth line through them. Pure. */

export type Point = readonly [number, number];

/** Nearer points are one. */
const NEAR = 0.02;

/** The points that a text of JSON holds; a straight line if it holds none. */
export function pointsIn(text: string): Point[] {
  try {
    const found = JSON.parse(text) as unknown;
    if (!Array.isArray(found)) return [];
    return found
      .filter((pair) => Array.isArray(pair) && pair.length === 2)
      .map(([x, y]) => [Number(x), Number(y)] as const);
  } catch {
    return [];
  }
}

const round = (value: number) => Number(value.toFixed(4));
const within = (value: number) => Math.min(1, Math.max(0, value));

/** Add a point, in order of x; returns where it is. */
export function withPoint(
  points: readonly Point[],
  [x, y]: Point,
): { readonly points: Point[]; readonly at: number } {
  const made: Point = [round(within(x)), round(within(y))];
  const others = points.filter(([own]) => Math.abs(own - made[0]) >= NEAR);
  const all = [...others, made].sort((a, b) => a[0] - b[0]);
  return { points: all, at: all.indexOf(made) };
}

/** Move a point of a curve: it stays between its neighbors, the ends at the sides. */
export function movedPoint(
  points: readonly Point[],
  at: number,
  [x, y]: Point,
): Point[] {
  const left = (points[at - 1]?.[0] ?? -NEAR) + NEAR;
  const right = (points[at + 1]?.[0] ?? 1 + NEAR) - NEAR;
  const moved: Point = [
    round(within(Math.min(right, Math.max(left, x)))),
    round(within(y)),
  ];
  return points.map((own, n) => (n === at ? moved : own));
}

/** Remove a point; two are left at least. */
export function withoutPoint(points: readonly Point[], at: number): Point[] {
  return points.length > 2 ? points.filter((_, n) => n !== at) : [...points];
}

/** The point near a place, within `reach` of both axes; -1 if there is none. */
export function pointNear(
  points: readonly Point[],
  [x, y]: Point,
  reach: number,
): number {
  let best = -1;
  let least = reach;
  for (const [n, [px, py]] of points.entries()) {
    const away = Math.hypot(px - x, py - y);
    if (away <= least) {
      best = n;
      least = away;
    }
  }
  return best;
}

/** The second derivatives of the natural cubic spline through points. */
function bends(points: readonly Point[]): number[] {
  const last = points.length - 1;
  const x = points.map(([own]) => own);
  const y = points.map(([, own]) => own);
  const at = (values: readonly number[], n: number) => values[n] ?? 0;
  const bend = x.map(() => 0);
  const carried = x.map(() => 0);
  for (let n = 1; n < last; n++) {
    const [before, after] = [at(x, n) - at(x, n - 1), at(x, n + 1) - at(x, n)];
    const share = before / (before + after);
    const pivot = share * at(bend, n - 1) + 2;
    const rise = (at(y, n + 1) - at(y, n)) / after - (at(y, n) - at(y, n - 1)) / before;
    bend[n] = (share - 1) / pivot;
    carried[n] = ((6 * rise) / (before + after) - share * at(carried, n - 1)) / pivot;
  }
  for (let n = last - 1; n > 0; n--) {
    bend[n] = at(bend, n) * (n + 1 === last ? 0 : at(bend, n + 1)) + at(carried, n);
  }
  bend[0] = 0;
  bend[last] = 0;
  return bend;
}

/** The curve at `x`, as the effect has it: a natural spline, flat beyond its ends. */
export function curveAt(points: readonly Point[]): (x: number) => number {
  if (points.length < 2) return (x) => points[0]?.[1] ?? x;
  const bend = bends(points);
  return (x) => {
    const first = points[0] ?? [0, 0];
    const last = points.at(-1) ?? [1, 1];
    if (x <= first[0]) return first[1];
    if (x >= last[0]) return last[1];
    let n = 0;
    while (n < points.length - 2 && x > (points[n + 1]?.[0] ?? 1)) n++;
    const [x0, y0] = points[n] ?? [0, 0];
    const [x1, y1] = points[n + 1] ?? [1, 1];
    const wide = x1 - x0 || 1;
    const [a, b] = [(x1 - x) / wide, (x - x0) / wide];
    const bent = (a ** 3 - a) * (bend[n] ?? 0) + (b ** 3 - b) * (bend[n + 1] ?? 0);
    return a * y0 + b * y1 + (bent * wide * wide) / 6;
  };
}
