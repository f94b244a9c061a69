import { expect, it, vi } from "vitest";
import { drawClip } from "./clips";
import { timeline, track } from "./fixtures";
import type { ClipStyle, Painter } from "./scene";

const PLAIN = { isSelected: false, isHovered: false, isDimmed: false, isGhost: false };

/** Draw clip 2 of: a clip to 4 s, a dissolve from 3 to 5 s, and this one from 4 s. */
function drawn(
  style: ClipStyle = PLAIN,
  endS = 10,
  marks: readonly number[] = [],
): { x: number; y: number; marks: number } {
  const row = track("V1", [
    [0, 4],
    [3, 5, 1],
    [4, endS],
  ]);
  row.keyMarks = new Map([["V1-2", marks]]);
  const fillText = vi.fn();
  const closePath = vi.fn();
  const context = new Proxy(
    { fillText, closePath, canvas: { width: 900 }, measureText: () => ({ width: 30 }) },
    { get: (own, name) => Reflect.get(own, name) ?? vi.fn(), set: () => true },
  );
  const scene = {
    timeline: timeline(row),
    scale: { originS: 0, pxPerS: 50 },
    width: 900,
    thumbnails: "off",
  };
  const ghost = { row: 0, sourceRow: 0, item: 2, startS: 4, endS, mediaStartS: 10 };
  const rect = { left: 200, top: 100, width: 50 * (endS - 4), height: 48 };
  const pictures = new Proxy({}, { get: () => () => undefined });
  drawClip({ context, scene, pictures } as unknown as Painter, row, ghost, rect, style);
  const [[, x, y] = []] = fillText.mock.calls;
  // No other shape is closed.
  return { x, y, marks: closePath.mock.calls.length };
}

it("begins a clip's name where the dissolve over its start ends", () => {
  expect(drawn().x).toBe(200 + 50 + 6);
  // What is left of 1.3 s is too narrow for a name.
  expect(drawn(PLAIN, 5.3).x).toBeUndefined();
});

it("keeps the name below the ring of a selected clip", () => {
  const selected = { ...PLAIN, isSelected: true };
  expect(drawn(selected).y).toBeGreaterThan(drawn().y);
});

it("draws marks of keyframes that lie over each other once", () => {
  // Over six seconds, two pixels from each other, and four in a pixel.
  const marks = (perS: number) =>
    Array.from({ length: 6 * perS }, (_, n) => 4 + n / perS);
  expect(drawn(PLAIN, 10, [5, 6, 9]).marks).toBe(3);
  expect(drawn(PLAIN, 10, marks(25)).marks).toBeGreaterThan(130);
  expect(drawn(PLAIN, 10, marks(200)).marks).toBeLessThan(210);
});
