import { describe, expect, it } from "vitest";
import { colorText, rgbaOf, tintOf, tintText } from "./color";

describe("colors", () => {
  it("keep their channels", () => {
    expect(rgbaOf("#ff8000")).toEqual({ r: 255, g: 128, b: 0, a: 255 });
    expect(rgbaOf("#01020304").a).toBe(4);
    expect(colorText({ r: 255, g: 128, b: 0, a: 255 })).toBe("#ff8000");
    expect(colorText({ r: 0, g: 0, b: 0, a: 160 })).toBe("#000000a0");
  });
});

describe("the wheel", () => {
  it("is neutral in its middle", () => {
    expect(tintText({ x: 0, y: 0, level: 0 })).toBe("#808080");
    expect(tintOf("#808080")).toEqual({ x: 0, y: 0, level: 0 });
  });

  it("has red to the right and yellow sixty degrees on", () => {
    const red = rgbaOf(tintText({ x: 1, y: 0, level: 0 }));
    expect(red.r).toBeGreaterThan(red.g);
    expect(red.g).toBe(red.b);
    const yellow = rgbaOf(tintText({ x: 0.5, y: Math.sqrt(3) / 2, level: 0 }));
    expect(yellow.r).toBe(yellow.g);
    expect(yellow.r).toBeGreaterThan(yellow.b);
  });

  it("comes back where it was put, within a step of a channel", () => {
    const tint = tintOf(tintText({ x: 0.3, y: -0.4, level: 0.2 }));
    expect(tint.x).toBeCloseTo(0.3, 1);
    expect(tint.y).toBeCloseTo(-0.4, 1);
    expect(tint.level).toBeCloseTo(0.2, 1);
  });

  it("stays within its edge", () => {
    expect(tintText({ x: 10, y: 0, level: 0 })).toBe(
      tintText({ x: 1, y: 0, level: 0 }),
    );
  });
});
