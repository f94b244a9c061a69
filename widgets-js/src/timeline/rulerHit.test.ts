import { describe, expect, it } from "vitest";
import { nameEndPx, rulerHit } from "./rulerHit";

const SCALE = { originS: 0, pxPerS: 100 };
const MARKERS = [
  { startS: 1, durationS: 0, name: "one" },
  { startS: 3, durationS: 2, name: "a range" },
  { startS: 3.02, durationS: 0, name: "close" },
];
const zone = (x: number, y: number, range = {}) => {
  const found = rulerHit(MARKERS, range, SCALE, x, y);
  return [found.zone, found.marker];
};

describe("the ruler", () => {
  it("has markers in the lower lane, by flag, name and range", () => {
    expect(zone(100, 30)).toEqual(["marker", 0]);
    expect(zone(115, 30)).toEqual(["marker", 0]);
    expect(zone(200, 30)).toEqual(["scrub", -1]);
    // Of two flags at one place the later is above.
    expect(zone(302, 30)).toEqual(["marker", 2]);
    expect(zone(450, 30)).toEqual(["marker", 1]);
    expect(zone(499, 30)).toEqual(["markerEnd", 1]);
    expect(zone(100, 10)).toEqual(["scrub", -1]);
  });

  it("has in and out in the upper lane, and moves both by the strip", () => {
    const range = { inS: 2, outS: 4 };
    expect(zone(202, 10, range)).toEqual(["in", -1]);
    expect(zone(396, 10, range)).toEqual(["out", -1]);
    expect(zone(300, 2, range)).toEqual(["range", -1]);
    expect(zone(300, 12, range)).toEqual(["scrub", -1]);
    expect(zone(300, 2, { inS: 2 })).toEqual(["scrub", -1]);
  });

  it("ends a name before the next flag", () => {
    const close = [
      { startS: 1, durationS: 0, name: "a long name of a marker" },
      { startS: 1.5, durationS: 0, name: "b" },
    ];
    // The next flag is 5 pixels wide to the left of 150.
    expect(nameEndPx(close, 0, SCALE)).toBe(145);
    expect(nameEndPx(close, 1, SCALE)).toBeGreaterThan(155);
  });
});
