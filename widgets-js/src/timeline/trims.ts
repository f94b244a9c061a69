/** Trim, ripple, roll, slip and slide: where edges go, within media and neighbors. Pure. */

import { t } from "../i18n";
import { frameTime, onFrame } from "../time";
import {
  type Drag,
  type DragContext,
  type Ghost,
  type Pointer,
  SNAP_PX,
  type TrimFrame,
} from "./dragState";
import { linkedTo, placeOf, type Track } from "./model";
import { formatLength, formatPlace, formatShift } from "./numbers";
import { snapTo } from "./snap";

const HAIR_S = 1e-6;

type Edge = "head" | "tail";
type Limits = readonly [least: number, most: number];

/** Move an edge of an item with the tool of the drag. */
export function trimItem(
  drag: Drag,
  to: Pointer,
  context: DragContext,
  edge: Edge,
): Drag {
  const { timeline, scale, playheadS } = context;
  const { rate } = timeline;
  const { row, item } = drag.hit;
  const track = timeline.tracks[row];
  if (!track) return drag;
  const tool = drag.tool === "select" ? "trim" : (drag.tool as "ripple" | "roll");
  const from = edge === "head" ? track.start(item) : track.end(item);
  const wanted = from + to.seconds - drag.hit.seconds;
  const id = track.ids[item] ?? "";
  const snap = to.snaps
    ? snapTo(timeline, wanted, SNAP_PX / scale.pxPerS, [playheadS], new Set([id]))
    : undefined;
  const other = tool === "roll" ? track.neighbor(item, edge === "head" ? -1 : 1) : -1;
  const frame = frameTime(1, rate);
  const limits = trimLimits(track, item, edge, tool, other, frame);
  const aim = snap ?? onFrame(wanted, rate);
  const at = within(aim, limits);
  const ghost = trimmed(track, row, item, edge, at, tool === "ripple");
  const ripples = tool === "ripple";
  const ghosts = [
    ghost,
    ...(other >= 0 ? [rolled(track, row, other, edge, at)] : []),
    ...partners(drag, context, edge).map((p) =>
      trimmed(p.track, p.row, p.item, edge, at, ripples),
    ),
  ];
  const by = at - from;
  // A ripple of the head closes up from the end: the start stays.
  const pushes =
    tool === "ripple"
      ? [{ row, fromS: track.end(item), byS: edge === "head" ? -by : by }]
      : [];
  return {
    ...drag,
    ghosts,
    pushes,
    frames: edgeFrames(track, item, edge, at, frame, tool),
    snapS: snap !== undefined && snap === at ? snap : undefined,
    isHeld: at !== aim,
    request:
      at === from
        ? undefined
        : { kind: "trim", item: id, edge, toS: at, tool, alone: drag.alone },
    numbers: [
      formatShift(by, rate),
      formatLength(ghost.endS - ghost.startS, rate),
      formatPlace(at, rate),
    ],
  };
}

/** What is linked to the item at the same edge, and goes along. */
function partners(
  drag: Drag,
  { timeline }: DragContext,
  edge: Edge,
): { readonly track: Track; readonly row: number; readonly item: number }[] {
  const own = timeline.tracks[drag.hit.row];
  if (!own || drag.alone) return [];
  const edgeOf = (track: Track, item: number) =>
    edge === "head" ? track.start(item) : track.end(item);
  const at = edgeOf(own, drag.hit.item);
  return linkedTo(timeline, drag.hit).flatMap((id) => {
    const place = placeOf(timeline, id);
    const track = place && timeline.tracks[place.row];
    if (!track) return [];
    return Math.abs(edgeOf(track, place.item) - at) < 1e-6 ? [{ ...place, track }] : [];
  });
}

/** How far an edge goes: a frame stays, media ends, neighbors are in the way. */
function trimLimits(
  track: Track,
  item: number,
  edge: Edge,
  tool: "trim" | "ripple" | "roll",
  other: number,
  frame: number,
): Limits {
  const [start, end] = [track.start(item), track.end(item)];
  const [before, after] = track.room(item);
  const media: Limits =
    edge === "head"
      ? [start - track.headRoom(item), end - frame]
      : [start + frame, end + track.tailRoom(item)];
  if (tool === "ripple") return media;
  if (tool === "roll" && other >= 0) {
    const room: Limits =
      edge === "head"
        ? [track.start(other) + frame, track.end(other) + track.tailRoom(other)]
        : [track.start(other) - track.headRoom(other), track.end(other) - frame];
    return [Math.max(media[0], room[0]), Math.min(media[1], room[1])];
  }
  return edge === "head"
    ? [Math.max(media[0], Math.min(before, start)), media[1]]
    : [media[0], Math.min(media[1], Math.max(after, end))];
}

function within(value: number, [least, most]: Limits): number {
  return Math.max(least, Math.min(value, most));
}

function trimmed(
  track: Track,
  row: number,
  item: number,
  edge: Edge,
  at: number,
  ripples: boolean,
): Ghost {
  const [start, end] = [track.start(item), track.end(item)];
  const ghost = { row, sourceRow: row, item };
  if (edge === "tail")
    return { ...ghost, startS: start, endS: at, mediaStartS: track.mediaStart(item) };
  const by = at - start;
  const mediaStartS = track.mediaAt(item, at);
  return ripples
    ? { ...ghost, startS: start, endS: end - by, mediaStartS }
    : { ...ghost, startS: at, endS: end, mediaStartS };
}

/** The item on the other side of a rolled cut. */
function rolled(
  track: Track,
  row: number,
  other: number,
  edge: Edge,
  at: number,
): Ghost {
  return trimmed(track, row, other, edge === "head" ? "tail" : "head", at, false);
}

/** The last frame before the edge, and the first after it. */
function edgeFrames(
  track: Track,
  item: number,
  edge: Edge,
  at: number,
  frame: number,
  tool: "trim" | "ripple" | "roll",
): (TrimFrame | undefined)[] {
  const other = track.neighbor(item, edge === "head" ? -1 : 1);
  const [left, right] = edge === "head" ? [other, item] : [item, other];
  // Only a roll moves the other side of the cut.
  const leftS = left === item || tool === "roll" ? at : track.end(left);
  const rightS = right === item || tool === "roll" ? at : track.start(right);
  return [
    frameOf(track, left, leftS - frame, t("Outgoing")),
    frameOf(track, right, rightS, t("Incoming")),
  ];
}

function frameOf(
  track: Track,
  item: number,
  seconds: number,
  label: string,
): TrimFrame | undefined {
  if (item < 0 || track.type !== "video") return undefined;
  // Backwards, a frame is shown from its end on.
  const hairS = track.rate(item) < 0 ? HAIR_S : 0;
  const mediaS = Math.max(0, track.mediaAt(item, seconds) - hairS);
  return { item: track.ids[item] ?? "", mediaS, label };
}

/** Show another part of the media, in the same place. */
export function slipItem(drag: Drag, to: Pointer, { timeline }: DragContext): Drag {
  const { row, item } = drag.hit;
  const track = timeline.tracks[row];
  if (!track) return drag;
  const { rate } = timeline;
  // Dragging to the right shows earlier media.
  const aim = onFrame(drag.hit.seconds - to.seconds, rate);
  const by = within(aim, [-track.headRoom(item), track.tailRoom(item)]);
  const mediaStartS = track.mediaAt(item, track.start(item) + by);
  const [startS, endS] = [track.start(item), track.end(item)];
  const frame = frameTime(1, rate);
  const id = track.ids[item] ?? "";
  return {
    ...drag,
    ghosts: [{ row, sourceRow: row, item, startS, endS, mediaStartS }],
    frames: [
      frameOf(track, item, startS + by, t("First frame")),
      frameOf(track, item, endS - frame + by, t("Last frame")),
    ],
    isHeld: by !== aim,
    request: by ? { kind: "slip", item: id, byS: by, alone: drag.alone } : undefined,
    numbers: [
      formatShift(by, rate),
      t("Media from {clock}", { clock: formatPlace(mediaStartS, rate) }),
    ],
  };
}

/** Move an item between its neighbors, which are trimmed to make room. */
export function slideItem(drag: Drag, to: Pointer, { timeline }: DragContext): Drag {
  const { row, item } = drag.hit;
  const track = timeline.tracks[row];
  if (!track) return drag;
  const { rate } = timeline;
  const frame = frameTime(1, rate);
  const [start, end] = [track.start(item), track.end(item)];
  const [before, after] = [track.neighbor(item, -1), track.neighbor(item, 1)];
  const aim = onFrame(start + to.seconds - drag.hit.seconds, rate) - start;
  const by = within(aim, slideLimits(track, item, before, after, frame));
  const ghost = { row, sourceRow: row };
  const ghosts: Ghost[] = [
    {
      ...ghost,
      item,
      startS: start + by,
      endS: end + by,
      mediaStartS: track.mediaStart(item),
    },
  ];
  if (before >= 0) ghosts.push(trimmed(track, row, before, "tail", start + by, false));
  if (after >= 0) ghosts.push(trimmed(track, row, after, "head", end + by, false));
  const id = track.ids[item] ?? "";
  return {
    ...drag,
    ghosts,
    frames: [
      frameOf(track, before, start + by - frame, t("Outgoing")),
      frameOf(track, after, end + by, t("Incoming")),
    ],
    isHeld: by !== aim,
    request: by
      ? { kind: "slide", item: id, toS: start + by, alone: drag.alone }
      : undefined,
    numbers: [formatShift(by, rate), formatPlace(start + by, rate)],
  };
}

function slideLimits(
  track: Track,
  item: number,
  before: number,
  after: number,
  frame: number,
): Limits {
  const [start, end] = [track.start(item), track.end(item)];
  const [free, next] = track.room(item);
  const least: readonly number[] = [
    -start,
    before >= 0 ? track.start(before) + frame - start : free - start,
    after >= 0 ? -track.headRoom(after) : Number.NEGATIVE_INFINITY,
  ];
  const most: readonly number[] = [
    before >= 0 ? track.tailRoom(before) : Number.POSITIVE_INFINITY,
    after >= 0 ? track.end(after) - frame - end : next - end,
  ];
  return [Math.max(...least), Math.min(...most)];
}
