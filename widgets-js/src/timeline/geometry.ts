/** Timeline seconds and rows ↔ canvas pixels. Pure: no DOM, no model. */

import type { Rate } from "../time";

export { rowAt, rowHeight, rowTops } from "./rows";

/** Timecode above, markers below. */
export const RULER_PX = 40;
/** The height of the ruler's timecode, over its lane of markers. */
export const CLOCKS_PX = 20;
const TICK_ROOM_PX = 96;
const FRAMES = [1, 2, 5, 10, 15, 20, 30];
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];
export const MAX_PX_PER_S = 2400;

export interface Scale {
  readonly originS: number;
  readonly pxPerS: number;
}

export function toPx(scale: Scale, seconds: number): number {
  return (seconds - scale.originS) * scale.pxPerS;
}

export function toSeconds(scale: Scale, px: number): number {
  return scale.originS + px / scale.pxPerS;
}

/** The scale that shows the whole timeline, with some room at its end. */
export function fitted(durationS: number, widthPx: number): Scale {
  const length = Math.max(durationS, 1) * 1.04;
  return { originS: 0, pxPerS: Math.max(widthPx, 1) / length };
}

/** Zoom by `factor`, keeping the time under `anchorPx` in place. */
export function zoom(
  scale: Scale,
  factor: number,
  anchorPx: number,
  least: number,
): Scale {
  const pxPerS = Math.min(MAX_PX_PER_S, Math.max(least, scale.pxPerS * factor));
  const originS = toSeconds(scale, anchorPx) - anchorPx / pxPerS;
  return { originS: Math.max(0, originS), pxPerS };
}

/** Scroll by pixels, between the start and half a view beyond the end. */
export function pan(
  scale: Scale,
  byPx: number,
  durationS: number,
  widthPx: number,
): Scale {
  const most = Math.max(0, durationS - widthPx / scale.pxPerS / 2);
  const originS = Math.min(most, Math.max(0, scale.originS + byPx / scale.pxPerS));
  return { ...scale, originS };
}

/** Seconds between the ruler's labels, so that they do not touch. */
export function tickStep(scale: Scale, rate: Rate): number {
  const frame = rate.den / rate.num;
  // Timecode counts 30 frames a second at 30000/1001 too.
  const nominal = Math.ceil(rate.num / rate.den);
  const second = nominal * frame;
  const steps = [
    ...FRAMES.filter((n) => n < nominal && nominal % n === 0).map((n) => n * frame),
    ...STEPS_S.map((seconds) => seconds * second),
  ];
  const step = steps.find((seconds) => seconds * scale.pxPerS >= TICK_ROOM_PX);
  return step ?? Math.ceil(TICK_ROOM_PX / scale.pxPerS / 3600) * 3600;
}
