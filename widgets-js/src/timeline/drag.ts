/** A drag in progress: what it would do, as ghosts and as a request. Pure. */

import type { RequestBody } from "../channel";
import { frameAt, onFrame } from "../time";
import { type Hit, rowAt, type Scale } from "./geometry";
import { placeOf, type Timeline, TRANSITION } from "./model";
import { snapShift, snapTo } from "./snap";

export type Tool = "select" | "blade" | "ripple" | "roll" | "slip" | "slide";

/** An item where a drag would place it. */
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
  readonly request: RequestBody | undefined;
  readonly readout: string;
}

export interface Pointer {
  readonly seconds: number;
  readonly y: number;
  readonly snaps: boolean;
}

export interface DragContext {
  readonly timeline: Timeline;
  readonly scale: Scale;
  readonly tops: readonly number[];
  readonly playheadS: number;
}

const SNAP_PX = 9;

/** A drag that has not moved yet. */
export function startDrag(hit: Hit, tool: Tool, items: readonly string[]): Drag {
  return {
    hit,
    tool,
    items,
    ghosts: [],
    snapS: undefined,
    request: undefined,
    readout: "",
  };
}

/** The drag after its pointer has moved. */
export function updateDrag(drag: Drag, to: Pointer, context: DragContext): Drag {
  const { hit, tool } = drag;
  if (hit.zone === "head" || hit.zone === "tail") {
    if (tool === "select" || tool === "ripple" || tool === "roll") {
      return trimItem(drag, to, context, hit.zone);
    }
  }
  if (tool === "slip") return slipItem(drag, to, context);
  if (tool === "slide") return slideItem(drag, to, context);
  if (tool === "select") return moveItems(drag, to, context);
  return drag;
}

function formatFrames(seconds: number, { timeline }: DragContext): string {
  const frames = frameAt(Math.abs(seconds) + 1e-9, timeline.rate);
  const sign = seconds < 0 ? "−" : "+";
  return `${sign}${frames}f`;
}

function moveItems(drag: Drag, to: Pointer, context: DragContext): Drag {
  const { timeline, scale, tops, playheadS } = context;
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
      ? onFrame(start + by, context.timeline.rate) - start
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
  // Rows are counted down the screen, the kernel's tracks up.
  const request: RequestBody = {
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
    request: stays ? undefined : request,
    readout: formatFrames(by, context),
  };
}

function trimItem(
  drag: Drag,
  to: Pointer,
  context: DragContext,
  edge: "head" | "tail",
): Drag {
  const { timeline, scale, playheadS } = context;
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
  let at = snap ?? onFrame(wanted, context.timeline.rate);
  // A clip keeps at least a frame, and stays within its media.
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
    ghosts: [ghost, ...(tool === "roll" ? rollNeighbor(drag, context, edge, at) : [])],
    snapS: snap !== undefined && snap === at ? snap : undefined,
    request: at === from ? undefined : { kind: "trim", item: id, edge, toS: at, tool },
    readout: formatFrames(at - from, context),
  };
}

/** The item on the other side of a rolled cut. */
function rollNeighbor(
  drag: Drag,
  { timeline }: DragContext,
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

function slipItem(drag: Drag, to: Pointer, context: DragContext): Drag {
  const track = context.timeline.tracks[drag.hit.row];
  if (!track) return drag;
  const item = drag.hit.item;
  const media = context.timeline.media[track.media(item)];
  const length = track.end(item) - track.start(item);
  const maxSlipS = (media?.durationS ?? 0) - length - track.mediaStart(item);
  // Dragging to the right shows earlier media.
  let by = onFrame(drag.hit.seconds - to.seconds, context.timeline.rate);
  by = Math.min(Math.max(by, -track.mediaStart(item)), Math.max(0, maxSlipS));
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
    request: by ? { kind: "slip", item: id, byS: by } : undefined,
    readout: formatFrames(by, context),
  };
}

function slideItem(drag: Drag, to: Pointer, context: DragContext): Drag {
  const track = context.timeline.tracks[drag.hit.row];
  if (!track) return drag;
  const item = drag.hit.item;
  const start = track.start(item);
  const at = Math.max(
    0,
    onFrame(start + to.seconds - drag.hit.seconds, context.timeline.rate),
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
    request: at === start ? undefined : { kind: "slide", item: id, toS: at },
    readout: formatFrames(at - start, context),
  };
}
