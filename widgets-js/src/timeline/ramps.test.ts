import { describe, expect, it } from "vitest";
import { rampCellsOf } from "./clipMedia";
import { track } from "./fixtures";
import { RampMap } from "./rampMap";
import { passing } from "./ramps";

// From the second 10 on, two seconds at 100 %, then two at 50 %.
const MAP = new RampMap([10, 11, 12, 12.5, 13]);

describe("a clip whose speed changes", () => {
  it("shows what has passed, and goes on at its speeds beyond its edges", () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => MAP.at(share))).toEqual([
      10, 11, 12, 12.5, 13,
    ]);
    expect([MAP.at(-0.25), MAP.at(1.5)]).toEqual([9, 14]);
  });

  it("finds where media is shown, also beyond its edges", () => {
    for (const share of [-0.5, 0, 0.1, 0.5, 0.8, 1, 1.25])
      expect(MAP.shareOf(MAP.at(share))).toBeCloseTo(share, 9);
  });

  it("is held, runs backwards, and has one place for each start", () => {
    const held = new RampMap([5, 5, 5]);
    expect([held.at(0.5), held.shareOf(5), held.shareOf(7)]).toEqual([5, 0, 0]);
    const back = new RampMap([8, 7, 6]);
    expect(back.shareOf(6.5)).toBeCloseTo(0.75, 9);
    expect(back.shareOf(9)).toBeCloseTo(-0.5, 9);
  });

  it("is followed from where a trim would have it begin", () => {
    const row = track("V1", [[0, 4]]);
    row.columns[9] = 1;
    row.rampMaps = new Map([["V1-0", MAP]]);
    const ghost = { row: 0, sourceRow: 0, item: 0, startS: 1, endS: 4 };
    const media = passing(row, { ...ghost, mediaStartS: row.mediaAt(0, 1) });
    expect([0, 1, 2, 3].map(media)).toEqual([11, 12, 12.5, 13]);
  });

  it("has cells as wide as a picture, with media on a grid", () => {
    const cells = [
      ...rampCellsOf((seconds) => 10 + seconds / 2, {
        cellPx: 80,
        firstPx: 90,
        lastPx: 250,
        pxPerS: 100,
      }),
    ];
    expect(cells.map(({ leftPx }) => leftPx)).toEqual([80, 160, 240]);
    // 0.5 s is the power of two below 0.8 s; its eighth is the grid.
    expect(cells.map(({ mediaS }) => mediaS)).toEqual([10.375, 10.8125, 11.1875]);
  });
});
