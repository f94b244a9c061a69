import { describe, expect, it } from "vitest";
import { edgePull } from "./autoScroll";
import { followed } from "./follow";
import { toPx } from "./geometry";

// 10 s of 60 are in view, from 20 s on.
const SCALE = { originS: 20, pxPerS: 100 };
const VIEW = { widthPx: 1000, durationS: 60 };
const go = (atS: number, follow: "page" | "smooth" | "off", isPlaying: boolean) =>
  followed(SCALE, atS, VIEW, follow, isPlaying);

describe("the view", () => {
  it("stays while the playhead is in it", () => {
    expect(go(25, "page", true)).toBe(SCALE);
    expect(go(20, "page", false)).toBe(SCALE);
    expect(go(25, "off", true)).toBe(SCALE);
  });

  it("goes to a jump, whatever the setting", () => {
    for (const follow of ["page", "smooth", "off"] as const) {
      expect(toPx(go(45, follow, false), 45)).toBeCloseTo(500);
      expect(go(1, follow, false).originS).toBe(0);
    }
  });

  it("turns pages, stays centered, or stays while it plays", () => {
    expect(toPx(go(30.1, "page", true), 30.1)).toBeCloseTo(50);
    expect(toPx(go(26, "smooth", true), 26)).toBeCloseTo(500);
    expect(go(30.1, "off", true)).toBe(SCALE);
  });
});

describe("the pull of the edges", () => {
  it("grows to a side, and is none between", () => {
    expect(edgePull(500, 0, 1000)).toBe(0);
    expect(edgePull(24, 0, 1000)).toBe(0);
    expect(edgePull(976, 0, 1000)).toBe(0);
    expect(edgePull(0, 0, 1000)).toBe(-0.5);
    expect(edgePull(1000, 0, 1000)).toBe(0.5);
    expect(edgePull(-500, 0, 1000)).toBe(-1);
    expect(edgePull(1500, 0, 1000)).toBe(1);
  });
});
