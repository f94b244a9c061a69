import { describe, expect, it } from "vitest";
import { EMPTY_SOURCE, PlayerSource } from "./source";

const source = (rateNum: number, rateDen: number, frames: number, times?: number[]) =>
  new PlayerSource(
    {
      ...EMPTY_SOURCE.view,
      rateNum,
      rateDen,
      frames,
      durationS: (frames * rateDen) / rateNum,
    },
    times && new Float64Array(times),
  );

describe("a source", () => {
  it("knows every frame from the second at which it begins", () => {
    const even = source(30000, 1001, 5000);
    for (let n = 0; n < 5000; n += 7) {
      expect(even.frameAt(even.timeOf(n))).toBe(n);
      // A decoder gives microseconds, rounded either way.
      const rounded = Math.round(even.timeOf(n) * 1e6) / 1e6;
      expect(even.frameNear(rounded)).toBe(n);
      expect(even.frameNear(rounded - 0.004)).toBe(n);
    }
  });

  it("finds uneven frames by binary search", () => {
    const times = [0, 0.02, 0.057, 0.111, 0.3];
    const uneven = source(25, 1, 5, times);
    expect(times.map((time) => uneven.frameAt(time))).toEqual([0, 1, 2, 3, 4]);
    expect(uneven.frameAt(0.29)).toBe(3);
    expect(uneven.frameNear(0.29)).toBe(4);
    expect(uneven.frameAt(99)).toBe(4);
    expect(uneven.frameAt(-1)).toBe(0);
  });

  it("ends a range with the last frame before its out point", () => {
    const even = source(30000, 1001, 5000);
    for (let n = 0; n < 4999; n += 7) {
      expect(even.lastBefore(even.endOf(n))).toBe(n);
      // As the kernel writes it, in microseconds.
      expect(even.lastBefore(Math.round(even.endOf(n) * 1e6) / 1e6)).toBe(n);
      expect(even.lastBefore(even.endOf(n) + 0.01)).toBe(n + 1);
    }
    expect(even.lastBefore(even.endOf(4999))).toBe(4999);
    const uneven = source(25, 1, 3, [0, 0.02, 0.057]);
    expect([0.02, 0.057, 0.12].map((s) => uneven.lastBefore(s))).toEqual([0, 1, 2]);
  });
});
