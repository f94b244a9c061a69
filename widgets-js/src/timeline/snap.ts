/** Snap to the edge, marker or playhead near a time: one binary search a track. */

import { type Timeline, TRANSITION } from "./model";

/** The nearest place to `seconds` within `reachS`; undefined if there is none. */
export function snapTo(
  timeline: Timeline,
  seconds: number,
  reachS: number,
  extra: readonly number[],
  moving: ReadonlySet<string>,
): number | undefined {
  let best: number | undefined;
  const offer = (place: number) => {
    const distance = Math.abs(place - seconds);
    if (distance > reachS) return;
    if (best === undefined || distance < Math.abs(best - seconds)) best = place;
  };
  for (const place of extra) offer(place);
  for (const marker of timeline.markers) {
    offer(marker.startS);
    offer(marker.startS + marker.durationS);
  }
  for (const track of timeline.tracks) {
    for (let item = track.firstAfter(seconds - reachS); item < track.count; item++) {
      if (track.start(item) > seconds + reachS) break;
      if (track.kind(item) === TRANSITION || moving.has(track.ids[item] ?? ""))
        continue;
      offer(track.start(item));
      offer(track.end(item));
    }
  }
  return best;
}

/** The shift that brings one of several times to a place; 0 if none is near. */
export function snapShift(
  timeline: Timeline,
  times: readonly number[],
  reachS: number,
  extra: readonly number[],
  moving: ReadonlySet<string>,
): { readonly shiftS: number; readonly atS: number | undefined } {
  let found: { shiftS: number; atS: number | undefined } = {
    shiftS: 0,
    atS: undefined,
  };
  for (const time of times) {
    const place = snapTo(timeline, time, reachS, extra, moving);
    if (place === undefined) continue;
    if (found.atS === undefined || Math.abs(place - time) < Math.abs(found.shiftS)) {
      found = { shiftS: place - time, atS: place };
    }
  }
  return found;
}

/** The next or previous edge of any item from a time. */
export function nextEdge(
  timeline: Timeline,
  seconds: number,
  direction: 1 | -1,
): number | undefined {
  const hair = 1e-6;
  let best: number | undefined;
  const offer = (place: number) => {
    if ((place - seconds) * direction <= hair) return;
    if (best === undefined || (place - best) * direction < 0) best = place;
  };
  for (const track of timeline.tracks) {
    const first = Math.max(0, track.firstAfter(seconds) - 2);
    for (let item = first; item < Math.min(track.count, first + 6); item++) {
      if (track.kind(item) === TRANSITION) continue;
      offer(track.start(item));
      offer(track.end(item));
    }
  }
  offer(0);
  offer(timeline.durationS);
  return best;
}
