import { expect, it, vi } from "vitest";
import { drawClip } from "./clips";
import { timeline, track } from "./fixtures";
import type { ClipStyle, Painter } from "./scene";

const PLAIN = { isSelected: false, isHovered: false, isDimmed: false, isGhost: false };

/** Draw clip 2 of: a clip to 4 s, a dissolve from 3 to 5 s, and this one from 4 s. */
function drawn(style: ClipStyle = PLAIN, endS = 10): { x: number; y: number } {
  const row = track("V1", [
    [0, 4],
    [3, 5, 1],
    [4, endS],
  ]);
  const fillText = vi.fn();
  const context = new Proxy(
    { fillText, canvas: { width: 900 }, measureText: () => ({ width: 30 }) },
    { get: (own, name) => Reflect.get(own, name) ?? vi.fn(), set: () => true },
  );
  const scene = {
    timeline: timeline(row),
    scale: { originS: 0, pxPerS: 50 },
    thumbnails: "off",
  };
  const ghost = { row: 0, sourceRow: 0, item: 2, startS: 4, endS, mediaStartS: 10 };
  const rect = { left: 200, top: 100, width: 50 * (endS - 4), height: 48 };
  const pictures = new Proxy({}, { get: () => () => undefined });
  drawClip({ context, scene, pictures } as unknown as Painter, row, ghost, rect, style);
  const [[, x, y] = []] = fillText.mock.calls;
  return { x, y };
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
