import { describe, expect, it } from "vitest";
import {
  curveAt,
  movedPoint,
  type Point,
  pointNear,
  pointsIn,
  withoutPoint,
  withPoint,
} from "./curveShape";

const STRAIGHT: Point[] = [
  [0, 0],
  [1, 1],
];

describe("a curve", () => {
  it("reads pairs, and nothing else", () => {
    expect(pointsIn("[[0,0],[0.5,0.7],[1,1]]")).toHaveLength(3);
    expect(pointsIn("nonsense")).toEqual([]);
    expect(pointsIn('{"a": 1}')).toEqual([]);
  });

  it("takes a point in order, and keeps two", () => {
    const { points, at } = withPoint(STRAIGHT, [0.25, 2]);
    expect(points).toEqual([
      [0, 0],
      [0.25, 1],
      [1, 1],
    ]);
    expect(at).toBe(1);
    expect(withoutPoint(points, 1)).toEqual(STRAIGHT);
    expect(withoutPoint(STRAIGHT, 0)).toEqual(STRAIGHT);
  });

  it("moves a point between its neighbors", () => {
    const points = withPoint(STRAIGHT, [0.5, 0.5]).points;
    expect(movedPoint(points, 1, [5, 0.2])[1]).toEqual([0.98, 0.2]);
    expect(pointNear(points, [0.52, 0.5], 0.05)).toBe(1);
    expect(pointNear(points, [0.7, 0.5], 0.05)).toBe(-1);
  });

  it("is straight between two points", () => {
    const curve = curveAt(STRAIGHT);
    for (const x of [0, 0.3, 0.9, 1]) expect(curve(x)).toBeCloseTo(x, 12);
  });

  it("is SciPy's natural spline", () => {
    // CubicSpline([0, .25, .5, 1], [0, .4, .5, 1], bc_type="natural")(x)
    const curve = curveAt([
      [0, 0],
      [0.25, 0.4],
      [0.5, 0.5],
      [1, 1],
    ]);
    for (const [x, y] of EXPECTED) expect(curve(x)).toBeCloseTo(y, 6);
  });
});

const EXPECTED: readonly Point[] = [
  [0.1, 0.18848696],
  [0.2, 0.34441739],
  [0.3, 0.43690435],
  [0.4, 0.47346087],
  [0.6, 0.55492174],
  [0.8, 0.7474087],
  [0.95, 0.93450435],
];
