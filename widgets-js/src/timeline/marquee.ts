/** The selection rectangle on the timeline. Pure. */

import { RULER_PX, toSeconds } from "./geometry";
import { TRANSITION } from "./model";
import type { State } from "./state";

interface Point {
  readonly x: number;
  readonly y: number;
}

type Rectangle = readonly [left: number, top: number, width: number, height: number];

/** The rectangle between two points of the canvas, and the items that it touches. */
export function marqueeOf(
  { timeline, scale, tops, scrollPx }: State,
  from: Point,
  to: Point,
): { readonly rect: Rectangle; readonly ids: readonly string[] } {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  const [first, last] = [toSeconds(scale, left), toSeconds(scale, right)];
  const ids: string[] = [];
  for (const [row, track] of timeline.tracks.entries()) {
    const y = RULER_PX - scrollPx;
    if ((tops[row] ?? 0) + y > bottom || (tops[row + 1] ?? 0) + y < top) continue;
    for (let item = track.firstAfter(first); item < track.count; item++) {
      if (track.start(item) >= last) break;
      if (track.kind(item) === TRANSITION || track.end(item) <= first) continue;
      ids.push(track.ids[item] ?? "");
    }
  }
  return { rect: [left, top, right - left, bottom - top], ids };
}
