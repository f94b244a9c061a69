import { describe, expect, it } from "vitest";
import { LABEL_COLORS } from "../protocol";
import type { Box } from "./boxes";
import { boxAt, caption, colorOf, colorOfBox } from "./draw";

const box = (label: number, track: number, x1 = 0, x2 = 10): Box => ({
  row: 0,
  x1,
  y1: 0,
  x2,
  y2: 10,
  score: 0.876,
  label,
  track,
});
const style = {
  labels: ["car", "person"],
  colors: [2, 0],
  byTrack: false,
  showLabels: true,
  selection: new Set<number>(),
  hover: -1,
};

describe("a box's color", () => {
  it("is its label's, or its track's if it has one", () => {
    expect(colorOfBox(box(0, 5), style)).toBe(LABEL_COLORS[2]);
    expect(colorOfBox(box(1, -1), style)).toBe(LABEL_COLORS[0]);
    const byTrack = { ...style, byTrack: true };
    expect(colorOfBox(box(0, 5), byTrack)).toBe(LABEL_COLORS[5]);
    expect(colorOfBox(box(0, -1), byTrack)).toBe(LABEL_COLORS[2]);
  });

  it("begins again after the last", () => {
    expect(colorOf(LABEL_COLORS.length + 3)).toBe(LABEL_COLORS[3]);
  });
});

describe("a box", () => {
  it("is captioned by label, track and score", () => {
    expect(caption(box(1, 7), style.labels)).toBe("person #7 0.88");
    expect(caption(box(0, -1), style.labels)).toBe("car 0.88");
  });

  it("is the smallest one under a point", () => {
    const boxes = [box(0, 0, 0, 100), box(1, 1, 40, 60)];
    expect(boxAt(boxes, 50, 5)?.track).toBe(1);
    expect(boxAt(boxes, 30, 5)?.track).toBe(0);
    expect(boxAt(boxes, 30, 11)).toBeUndefined();
  });
});
