import { describe, expect, it } from "vitest";
import { windowOf, zoomedTo } from "./overviewWindow";

// The strip stands for 100 s and some room: 104 s.
const VIEW = {
  scale: { originS: 26, pxPerS: 100 },
  width: 1300,
  timeline: { durationS: 100 },
};
const STRIP = 1040;

describe("the overview", () => {
  it("shows what is in view", () => {
    const found = windowOf(VIEW, STRIP);
    expect(found.totalS).toBeCloseTo(104);
    expect(found.startPx).toBeCloseTo(260);
    expect(found.endPx).toBeCloseTo(390);
  });

  it("zooms by an end, and keeps the other in place", () => {
    const out = zoomedTo(VIEW, STRIP, 260, 520);
    expect(out.originS).toBeCloseTo(26);
    expect(out.pxPerS).toBeCloseTo(50);
    const start = zoomedTo(VIEW, STRIP, 325, 390);
    expect(start.originS).toBeCloseTo(32.5);
    expect(start.originS + VIEW.width / start.pxPerS).toBeCloseTo(39);
  });

  it("stops at the strip's ends, and at a least width", () => {
    expect(zoomedTo(VIEW, STRIP, -50, 390).originS).toBe(0);
    const least = zoomedTo(VIEW, STRIP, 260, 200);
    expect(least.originS).toBeCloseTo(26);
    expect(least.pxPerS).toBeCloseTo(1300 / 1.6);
  });
});
