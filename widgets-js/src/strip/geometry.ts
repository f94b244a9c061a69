/** Timeline seconds and rows to canvas pixels. Pure: no DOM, no model. */

import type { StripTrack, StripView } from "../protocol";

export const LABEL_PX = 44;
export const RULER_PX = 24;
export const ROW_PX = 34;
export const GAP_PX = 4;
const TICK_ROOM_PX = 96;
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];

export interface Scale {
  readonly originPx: number;
  readonly pxPerS: number;
}

/** The whole timeline, fitted into a width. */
export function fitted(durationS: number, widthPx: number): Scale {
  const room = Math.max(1, widthPx - LABEL_PX);
  return { originPx: LABEL_PX, pxPerS: room / Math.max(durationS, 1e-9) };
}

export function toPx(scale: Scale, seconds: number): number {
  return scale.originPx + seconds * scale.pxPerS;
}

export function toSeconds(scale: Scale, px: number): number {
  return (px - scale.originPx) / scale.pxPerS;
}

export function heightPx(view: StripView): number {
  return RULER_PX + Math.max(1, view.tracks.length) * (ROW_PX + GAP_PX);
}

/** Seconds between the ruler's marks, so that their labels do not touch. */
export function tickStep(scale: Scale): number {
  const enough = STEPS_S.find((step) => step * scale.pxPerS >= TICK_ROOM_PX);
  return enough ?? Math.ceil(TICK_ROOM_PX / scale.pxPerS);
}

/**
 * The items of a track that can be told apart: of those under one pixel, the first in
 * each pixel. The cost of drawing follows the width, not the number of items.
 */
export function* shown(track: StripTrack, scale: Scale): Generator<number> {
  let lastPx = Number.NEGATIVE_INFINITY;
  for (let item = 0; item < track.startsS.length; item++) {
    const left = toPx(scale, track.startsS[item] ?? 0);
    const right = toPx(scale, track.endsS[item] ?? 0);
    if (right - left >= 1 || Math.floor(left) > lastPx) {
      lastPx = Math.floor(left);
      yield item;
    }
  }
}
