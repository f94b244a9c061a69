import { describe, expect, it } from "vitest";
import { guideAt, rulerAt, stepOf, ticksOf, withGuide, withoutGuide } from "./rulers";

describe("the rulers of the picture", () => {
  it("label round numbers, as near as their texts fit", () => {
    // At half size 112 pixels of the picture are 56 of the page.
    expect(stepOf(0.5)).toBe(200);
    expect(stepOf(1)).toBe(100);
    expect(stepOf(2)).toBe(50);
    expect(stepOf(40)).toBe(5);
    const ticks = ticksOf(640, 1);
    expect(ticks.filter(({ isLabeled }) => isLabeled).map(({ at }) => at)).toEqual([
      0, 100, 200, 300, 400, 500, 600,
    ]);
    expect(ticks.at(-1)).toEqual({ at: 640, isLabeled: false });
  });

  it("give guides, which are moved by whole pixels and taken away", () => {
    expect([rulerAt([90, 3]), rulerAt([3, 90]), rulerAt([90, 90])]).toEqual([
      "y",
      "x",
      undefined,
    ]);
    const one = withGuide({ x: [], y: [] }, { axis: "x", number: 0 }, 99.6);
    expect(one).toEqual({ x: [100], y: [] });
    const two = withGuide(one, { axis: "y", number: 0 }, 50);
    expect(guideAt(two, [103, 200], 4)).toEqual({ axis: "x", number: 0 });
    expect(guideAt(two, [300, 47], 4)).toEqual({ axis: "y", number: 0 });
    expect(guideAt(two, [300, 200], 4)).toBeUndefined();
    expect(withoutGuide(two, { axis: "x", number: 0 })).toEqual({ x: [], y: [50] });
  });
});
