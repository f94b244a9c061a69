/** Which markers are the same after a change of the timeline: they have no ids. Pure. */

import type { MarkerView } from "../protocol";

/** The place of each marker after a change; -1 of one that is gone. */
export function markersIn(
  before: readonly MarkerView[],
  after: readonly MarkerView[],
): number[] {
  const free = new Map<string, number[]>();
  for (const [place, marker] of after.entries()) {
    const text = JSON.stringify(marker);
    const places = free.get(text);
    if (places) places.push(place);
    else free.set(text, [place]);
  }
  const found = before.map((own) => free.get(JSON.stringify(own))?.shift() ?? -1);
  const taken = new Set(found);
  if (before.length !== after.length) return found;
  // One that was renamed, recolored or moved a little is where it was.
  return found.map((to, place) => {
    const [own, there] = [before[place], after[place]];
    const isSame = own?.startS === there?.startS || own?.name === there?.name;
    return to < 0 && isSame && !taken.has(place) ? place : to;
  });
}

/** The place of one of them. */
export function markerIn(
  place: number,
  before: readonly MarkerView[],
  after: readonly MarkerView[],
): number {
  return place < 0 ? -1 : (markersIn(before, after)[place] ?? -1);
}
