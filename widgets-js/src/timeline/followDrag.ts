/** A drag while the timeline changes under it: it stays on what it holds. Pure. */

import { keysOf, parameterOf } from "./curves";
import type { Drag, Ghost, Hit } from "./dragState";
import { type Place, placeOf, type Timeline, TRANSITION } from "./model";

const HAIR_S = 1e-6;

/** Where what was hit is after a change; undefined if it is gone. */
export function hitIn(hit: Hit, before: Timeline, after: Timeline): Hit | undefined {
  const old = before.tracks[hit.row];
  if (!old || hit.item < 0) return hit;
  // A transition has no name: it is known by the clip that it leads to.
  const isCut = hit.zone.startsWith("transition");
  const place = placeIn(
    { row: hit.row, item: hit.item + Number(isCut) },
    before,
    after,
  );
  const track = place && after.tracks[place.row];
  if (!track) return undefined;
  const { row } = place;
  const item = place.item - Number(isCut);
  if (isCut && track.kind(item) !== TRANSITION) return undefined;
  const byS = track.start(item) - old.start(hit.item);
  const moved = { ...hit, row, item, seconds: hit.seconds + byS };
  if (hit.zone === "keyMark") {
    const atS = old.marks(hit.item)[hit.key ?? 0] ?? 0;
    const key = track
      .marks(item)
      .findIndex((one) => Math.abs(one - byS - atS) < HAIR_S);
    return key < 0 ? undefined : { ...moved, key };
  }
  if (hit.zone !== "keyframe") return moved;
  const parameter = parameterOf(old);
  if (!parameter || parameter !== parameterOf(track)) return undefined;
  const atS = keysOf(old.curve(hit.item, parameter))[hit.key ?? 0]?.atS ?? 0;
  const key = keysOf(track.curve(item, parameter)).findIndex(
    (one) => Math.abs(one.atS - byS - atS) < HAIR_S,
  );
  return key < 0 ? undefined : { ...moved, key };
}

function placeIn(
  { row, item }: Place,
  before: Timeline,
  after: Timeline,
): Place | undefined {
  return placeOf(after, before.tracks[row]?.ids[item] ?? "");
}

/** A drag after a change of the timeline; undefined if what it holds is gone. */
export function followDrag(
  drag: Drag,
  before: Timeline,
  after: Timeline,
): Drag | undefined {
  const hit = hitIn(drag.hit, before, after);
  if (!hit) return undefined;
  const isThere = (id: string) => placeOf(after, id) !== undefined;
  const { request, bridge } = drag;
  const ghosts = drag.ghosts.flatMap((ghost): Ghost[] => {
    const from = { row: ghost.sourceRow, item: ghost.item };
    const place = placeIn(from, before, after);
    if (!place) return [];
    const row = ghost.row + place.row - ghost.sourceRow;
    return [{ ...ghost, row, sourceRow: place.row, item: place.item }];
  });
  return {
    ...drag,
    hit,
    ghosts,
    items: drag.items.filter(isThere),
    bridge: bridge && { ...bridge, row: hit.row, item: hit.item },
    frames: drag.frames.map((frame) =>
      frame && isThere(frame.item) ? frame : undefined,
    ),
    request:
      request && "items" in request
        ? { ...request, items: request.items.filter(isThere) }
        : request,
  };
}
