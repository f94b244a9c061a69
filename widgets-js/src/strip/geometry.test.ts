import { describe, expect, it } from "vitest";
import type { StripTrack } from "../protocol";
import { fitted, shown, tickStep, toPx, toSeconds } from "./geometry";

function track(count: number, lengthS: number): StripTrack {
  const starts = Array.from({ length: count }, (_, n) => n * lengthS);
  return {
    name: "V1",
    kind: "video",
    enabled: true,
    types: "c".repeat(count),
    names: starts.map(String),
    startsS: starts,
    endsS: starts.map((start) => start + lengthS),
  };
}

describe("geometry", () => {
  it("fits the whole timeline into the width", () => {
    const scale = fitted(20, 1044);
    expect(toPx(scale, 0)).toBe(44);
    expect(toPx(scale, 20)).toBe(1044);
    expect(toSeconds(scale, toPx(scale, 7.3))).toBeCloseTo(7.3, 9);
  });

  it("keeps the ruler's labels apart", () => {
    for (const duration of [1, 9, 60, 4000, 90_000]) {
      const scale = fitted(duration, 800);
      expect(tickStep(scale) * scale.pxPerS).toBeGreaterThanOrEqual(96);
    }
  });

  it("shows every item that has a pixel of its own", () => {
    expect([...shown(track(20, 1), fitted(20, 1044))]).toHaveLength(20);
  });

  it("draws no more of ten thousand items than there are pixels", () => {
    const drawn = [...shown(track(10_000, 1), fitted(10_000, 844))];
    expect(drawn.length).toBeGreaterThan(700);
    expect(drawn.length).toBeLessThanOrEqual(801);
  });

  it("survives an empty timeline", () => {
    expect(Number.isFinite(toPx(fitted(0, 0), 0))).toBe(true);
  });
});
