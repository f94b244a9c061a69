import { describe, expect, it } from "vitest";
import { LAYER } from "./fixtures";
import {
  type Corners,
  contains,
  layerAt,
  mapped,
  moved,
  projected,
  projectionTo,
  STILL,
  UNIT,
  unmapped,
  unprojected,
} from "./geometry";

describe("a similarity", () => {
  it("turns clockwise and scales about a point, then moves", () => {
    // A quarter turn takes what is right of the point below it.
    const change = { dx: 5, dy: 0, factor: 2, turnDeg: 90, about: [10, 10] } as const;
    const [x, y] = moved(change, [13, 10]);
    expect(x).toBeCloseTo(15);
    expect(y).toBeCloseTo(16);
    expect(moved(STILL, [3, 4])).toEqual([3, 4]);
  });
});

describe("a projection", () => {
  const corners: Corners = [
    [10, 20],
    [110, 0],
    [130, 90],
    [0, 70],
  ];

  it("takes the corners of a square to four others", () => {
    const projection = projectionTo(corners);
    for (const [n, share] of UNIT.entries()) {
      const [x, y] = projected(projection, share);
      expect([x, y]).toEqual([
        expect.closeTo(corners[n as 0]?.[0] ?? NaN),
        expect.closeTo(corners[n as 0]?.[1] ?? NaN),
      ]);
    }
    // Lines stay lines: the middle is where the diagonals cross.
    const [x, y] = projected(projection, [0.5, 0.5]);
    const cross = (a: readonly number[], b: readonly number[]) =>
      ((b[0] ?? 0) - (a[0] ?? 0)) * (y - (a[1] ?? 0)) -
      ((b[1] ?? 0) - (a[1] ?? 0)) * (x - (a[0] ?? 0));
    expect(cross(corners[0], corners[2])).toBeCloseTo(0);
    expect(cross(corners[1], corners[3])).toBeCloseTo(0);
  });

  it("is undone", () => {
    const projection = projectionTo(corners);
    const [u, v] = unprojected(projection, projected(projection, [0.3, 0.8]));
    expect(u).toBeCloseTo(0.3);
    expect(v).toBeCloseTo(0.8);
  });
});

describe("layers", () => {
  it("are found by their corners, the topmost first", () => {
    const above = { ...LAYER, item: "c3" };
    expect(layerAt([LAYER, above], [100, 100])?.item).toBe("c3");
    expect(layerAt([LAYER, above], [300, 100])).toBeUndefined();
    const mirrored = [...LAYER.corners].reverse() as unknown as Corners;
    expect(contains(mirrored, [100, 100])).toBe(true);
  });

  it("have a matrix that can be undone", () => {
    expect(mapped(LAYER.matrix, [0.5, 1])).toEqual([160, 135]);
    expect(unmapped(LAYER.matrix, [160, 135])).toEqual([0.5, 1]);
    expect(unmapped([1, 1, 0, 1, 1, 0], [3, 4])).toBeUndefined();
  });
});
