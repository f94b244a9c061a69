import { describe, expect, it } from "vitest";
import type { ClipDetails, KeyView } from "../../protocol";
import { heightOf, rateAt, speedAt, stepped } from "./ramp";

const key = (atS: number, value: number, interpolation = "linear"): KeyView => ({
  atS,
  value,
  interpolation,
});
const clip = (ramp: KeyView[], rates: number[]) =>
  ({ startS: 0, durationS: 4, ramp, rates }) as unknown as ClipDetails;

describe("a ramp's speed at a second", () => {
  it("is on the line between two points, and theirs beyond them", () => {
    const own = clip([key(1, 1), key(3, 0.5)], []);
    expect([0, 1, 2, 3, 4].map((atS) => rateAt(own, atS))).toEqual([
      1, 1, 0.75, 0.5, 0.5,
    ]);
  });

  it("stays until the next point, or eases as the kernel says", () => {
    const own = clip(
      [key(0, 1, "hold"), key(2, 0.5, "ease"), key(4, 1)],
      [1, 1, 0.5, 0.7, 1],
    );
    expect(rateAt(own, 1.5)).toBe(1);
    expect(rateAt(own, 3)).toBe(0.7);
    expect(rateAt(own, 3.5)).toBe(0.85);
  });

  it("is changed in whole percents, and lies where it is read", () => {
    expect([stepped(0.5, 0.01), stepped(0.1, -0.1), stepped(7.99, 0.1)]).toEqual([
      0.51, 0.1, 8,
    ]);
    for (const speed of [0.1, 0.5, 1, 2, 8])
      expect(speedAt(heightOf(speed))).toBeCloseTo(speed, 2);
  });
});
