/** A drag while it lasts: what it would do, drawn at once, asked for at its end. Pure. */

import type { Wish } from "../channel";
import { frameAt, onFrame } from "../time";
import { type Hit, rowAt, type Scale } from "./geometry";
import { placeOf, type Timeline, TRANSITION } from "./model";
import { snapShift, snapTo } from "./snap";

export type Tool = "select" | "blade" | "ripple" | "roll" | "slip" | "slide";

/** An item as it would lie. */
export interface Ghost {
  readonly row: number;
  readonly sourceRow: number;
  readonly item: number;
  readonly startS: number;
  readonly endS: number;
  readonly mediaStartS: number;
}

export interface Drag {
  readonly hit: Hit;
  readonly tool: Tool;
  readonly items: readonly string[];
  readonly ghosts: readonly Ghost[];
  readonly snapS: number | undefined;
  readonly wish: Wish | undefined;
  readonly readout: string;
}

export interface Pointer {
  readonly seconds: number;
  readonly y: number;
  readonly snaps: boolean;
}

export interface Ground {
  readonly timeline: Timeline;
  readonly scale: Scale;
  readonly tops: readonly number[];
  readonly playheadS: number;
}

const SNAP_PX = 9;

/** A drag that has not moved yet. */
export function begin(hit: Hit, tool: Tool, items: readonly string[]): Drag {
  return {
    hit,
    tool,
    items,
    ghosts: [],
    snapS: undefined,
    wish: undefined,
    readout: "",
  };
}

/** The drag with its pointer elsewhere. */
export function dragged(drag: Drag, to: Pointer, ground: Ground): Drag {
  const { hit, tool } = drag;
  if (hit.zone === "head" || hit.zone === "tail") {
    if (tool === "select" || tool === "ripple" || tool === "roll") {
      return trimmed(drag, to, ground, hit.zone);
    }
  }
  if (tool === "slip") return slipped(drag, to, ground);
  if (tool === "slide") return slid(drag, to, ground);
  if (tool === "select") return moved(drag, to, ground);
  return drag;
}

function signed(seconds: number, { timeline }: Ground): string {
  const frames = frameAt(Math.abs(seconds) + 1e-9, timeline.rate);
  const sign = seconds < 0 ? "−" : "+";
  return `${sign}${frames}f`;
}

function moved(drag: Drag, to: Pointer, ground: Ground): Drag {
  const { timeline, scale, tops, playheadS } = ground;
  const own = timeline.tracks[drag.hit.row];
  if (!own) return drag;
  const moving = new Set(drag.items);
  const places = drag.items.flatMap((id) => placeOf(timeline, id) ?? []);
  const start = own.start(drag.hit.item);
  let by = to.seconds - drag.hit.seconds;
  const times = places.flatMap(({ row, item }) => {
    const track = timeline.tracks[row];
    return track ? [track.start(item) + by, track.end(item) + by] : [];
  });
  const reach = SNAP_PX / scale.pxPerS;
  const snap = to.snaps
    ? snapShift(timeline, times, reach, [0, playheadS], moving)
    : { shiftS: 0, atS: undefined };
  by =
    snap.atS === undefined
      ? onFrame(start + by, ground.timeline.rate) - start
      : by + snap.shiftS;
  const first = Math.min(
    ...places.map((p) => timeline.tracks[p.row]?.start(p.item) ?? 0),
  );
  by = Math.max(by, -first);
  const over = rowAt(tops, to.y);
  const target = timeline.tracks[over];
  const rows = target && target.type === own.type ? over - drag.hit.row : 0;
  const ghosts = places.map(({ row, item }): Ghost => {
    const track = timeline.tracks[row];
    const goes = track?.type === own.type ? row + rows : row;
    return {
      row: goes,
      sourceRow: row,
      item,
      startS: (track?.start(item) ?? 0) + by,
      endS: (track?.end(item) ?? 0) + by,
      mediaStartS: track?.mediaStart(item) ?? 0,
    };
  });
  const anchor = own.ids[drag.hit.item] ?? "";
  // Rows run down the screen; for the kernel, up is up.
  const wish: Wish = {
    kind: "move",
    items: drag.items,
    anchor,
    toS: start + by,
    up: -rows || 0,
  };
  const stays = !rows && Math.abs(by) < 1e-9;
  return {
    ...drag,
    ghosts,
    snapS: snap.atS,
    wish: stays ? undefined : wish,
    readout: signed(by, ground),
  };
}

function trimmed(drag: Drag, to: Pointer, ground: Ground, edge: "head" | "tail"): Drag {
  const { timeline, scale, playheadS } = ground;
  const track = timeline.tracks[drag.hit.row];
  const item = drag.hit.item;
  if (!track) return drag;
  const [start, end] = [track.start(item), track.end(item)];
  const from = edge === "head" ? start : end;
  const wanted = from + to.seconds - drag.hit.seconds;
  const id = track.ids[item] ?? "";
  const snap = to.snaps
    ? snapTo(timeline, wanted, SNAP_PX / scale.pxPerS, [playheadS], new Set([id]))
    : undefined;
  const frame = timeline.rate.den / timeline.rate.num;
  let at = snap ?? onFrame(wanted, ground.timeline.rate);
  // A clip keeps a frame, and shows no media that there is not.
  const media = timeline.media[track.media(item)];
  if (edge === "head") {
    const earliest = media?.durationS ? start - track.mediaStart(item) : 0;
    at = Math.min(end - frame, Math.max(at, earliest, drag.tool === "ripple" ? at : 0));
  } else {
    const most = media?.durationS
      ? start + media.durationS - track.mediaStart(item)
      : Number.POSITIVE_INFINITY;
    at = Math.max(start + frame, Math.min(at, most));
  }
  const ghost: Ghost = {
    row: drag.hit.row,
    sourceRow: drag.hit.row,
    item,
    startS: edge === "head" ? at : start,
    endS: edge === "tail" ? at : end,
    mediaStartS: track.mediaStart(item) + (edge === "head" ? at - start : 0),
  };
  const tool = drag.tool === "select" ? "trim" : (drag.tool as "ripple" | "roll");
  return {
    ...drag,
    ghosts: [ghost, ...(tool === "roll" ? partner(drag, ground, edge, at) : [])],
    snapS: snap !== undefined && snap === at ? snap : undefined,
    wish: at === from ? undefined : { kind: "trim", item: id, edge, toS: at, tool },
    readout: signed(at - from, ground),
  };
}

/** The item on the other side of a rolled cut. */
function partner(
  drag: Drag,
  { timeline }: Ground,
  edge: "head" | "tail",
  at: number,
): Ghost[] {
  const track = timeline.tracks[drag.hit.row];
  const step = edge === "head" ? -1 : 1;
  let item = drag.hit.item + step;
  if (track && track.kind(item) === TRANSITION) item += step;
  if (!track || item < 0 || item >= track.count) return [];
  const [start, end] = [track.start(item), track.end(item)];
  const ghost = { row: drag.hit.row, sourceRow: drag.hit.row, item };
  const mediaStartS = track.mediaStart(item);
  return edge === "head"
    ? [{ ...ghost, startS: start, endS: at, mediaStartS }]
    : [{ ...ghost, startS: at, endS: end, mediaStartS: mediaStartS + at - start }];
}

function slipped(drag: Drag, to: Pointer, ground: Ground): Drag {
  const track = ground.timeline.tracks[drag.hit.row];
  if (!track) return drag;
  const item = drag.hit.item;
  const media = ground.timeline.media[track.media(item)];
  const length = track.end(item) - track.start(item);
  const room = (media?.durationS ?? 0) - length - track.mediaStart(item);
  // Dragging to the right shows what came earlier.
  let by = onFrame(drag.hit.seconds - to.seconds, ground.timeline.rate);
  by = Math.min(Math.max(by, -track.mediaStart(item)), Math.max(0, room));
  const ghost: Ghost = {
    row: drag.hit.row,
    sourceRow: drag.hit.row,
    item,
    startS: track.start(item),
    endS: track.end(item),
    mediaStartS: track.mediaStart(item) + by,
  };
  const id = track.ids[item] ?? "";
  return {
    ...drag,
    ghosts: [ghost],
    wish: by ? { kind: "slip", item: id, byS: by } : undefined,
    readout: signed(by, ground),
  };
}

function slid(drag: Drag, to: Pointer, ground: Ground): Drag {
  const track = ground.timeline.tracks[drag.hit.row];
  if (!track) return drag;
  const item = drag.hit.item;
  const start = track.start(item);
  const at = Math.max(
    0,
    onFrame(start + to.seconds - drag.hit.seconds, ground.timeline.rate),
  );
  const ghost: Ghost = {
    row: drag.hit.row,
    sourceRow: drag.hit.row,
    item,
    startS: at,
    endS: track.end(item) + at - start,
    mediaStartS: track.mediaStart(item),
  };
  const id = track.ids[item] ?? "";
  return {
    ...drag,
    ghosts: [ghost],
    wish: at === start ? undefined : { kind: "slide", item: id, toS: at },
    readout: signed(at - start, ground),
  };
}
