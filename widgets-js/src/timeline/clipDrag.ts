/** Drag what lies on a clip: its fades, its keyframes, its value line. Pure. */

import { t } from "../i18n";
import { frameTime, onFrame } from "../time";
import { keysOf, parameterOf, valueAtY } from "./curves";
import type { Drag, DragContext, Ghost, Pointer } from "./dragState";
import { rowHeight } from "./geometry";
import type { Parameter, Track } from "./model";
import { formatPlace, formatShift } from "./numbers";

const HAIR_S = 1e-6;

function asGhost(track: Track, row: number, item: number): Ghost {
  return {
    row,
    sourceRow: row,
    item,
    startS: track.start(item),
    endS: track.end(item),
    mediaStartS: track.mediaStart(item),
  };
}

export function formatValue(parameter: Parameter, value: number): string {
  if (parameter === "opacity") return `${Math.round(value * 100)} %`;
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  return `${sign}${Math.abs(value).toFixed(1)} dB`;
}

export function dragFade(drag: Drag, to: Pointer, { timeline }: DragContext): Drag {
  const { row, item, zone } = drag.hit;
  const track = timeline.tracks[row];
  if (!track) return drag;
  const { rate } = timeline;
  const ghost = asGhost(track, row, item);
  const length = ghost.endS - ghost.startS;
  const isIn = zone === "fadeIn";
  const [own, other] = isIn
    ? [track.fadeIn(item), track.fadeOut(item)]
    : [track.fadeOut(item), track.fadeIn(item)];
  const moved = (to.seconds - drag.hit.seconds) * (isIn ? 1 : -1);
  const fade = Math.min(Math.max(0, onFrame(own + moved, rate)), length - other);
  const id = track.ids[item] ?? "";
  const seconds = fade.toFixed(2);
  return {
    ...drag,
    ghosts: [{ ...ghost, ...(isIn ? { fadeInS: fade } : { fadeOutS: fade }) }],
    request:
      Math.abs(fade - own) < HAIR_S
        ? undefined
        : {
            kind: "setClips",
            items: [id],
            ...(isIn ? { fadeInS: fade } : { fadeOutS: fade }),
          },
    numbers: [
      isIn
        ? t("Fade in {seconds} s", { seconds })
        : t("Fade out {seconds} s", { seconds }),
    ],
  };
}

/** Move a keyframe in time and value, between its neighbors and within the clip. */
export function dragKey(drag: Drag, to: Pointer, context: DragContext): Drag {
  const { timeline, tops } = context;
  const { row, item, key = 0 } = drag.hit;
  const track = timeline.tracks[row];
  const parameter = track && parameterOf(track);
  if (!track || !parameter) return drag;
  const keys = keysOf(track.curve(item, parameter));
  const old = keys[key];
  if (!old) return drag;
  const times = keys.map(({ atS }) => atS);
  const toS = keyTime(drag, to, context, times);
  const band = { top: tops[row] ?? 0, height: rowHeight(track) };
  const value = valueAtY(parameter, to.y, band);
  const moved = keys.map((one, n) => (n === key ? { ...one, atS: toS, value } : one));
  return {
    ...drag,
    ghosts: [{ ...asGhost(track, row, item), keys: moved }],
    request: {
      kind: "moveKeyframe",
      item: track.ids[item] ?? "",
      parameter,
      atS: old.atS,
      toS,
      value,
    },
    numbers: [formatValue(parameter, value), formatPlace(toS, timeline.rate)],
  };
}

/** Move all that a mark stands for in time, between the marks beside it. */
export function dragMark(drag: Drag, to: Pointer, context: DragContext): Drag {
  const { rate, tracks } = context.timeline;
  const { row, item, key = 0 } = drag.hit;
  const track = tracks[row];
  const marks = track?.marks(item) ?? [];
  const atS = marks[key];
  if (!track || atS === undefined) return drag;
  const toS = keyTime(drag, to, context, marks);
  const moved = marks.map((one, n) => (n === key ? toS : one));
  const id = track.ids[item] ?? "";
  return {
    ...drag,
    ghosts: [{ ...asGhost(track, row, item), marks: moved }],
    request:
      Math.abs(toS - atS) < HAIR_S
        ? undefined
        : { kind: "moveKeyframes", item: id, atS, toS },
    numbers: [formatShift(toS - atS, rate), formatPlace(toS, rate)],
  };
}

/** Where a drag takes the keyframe of its hit: on a frame, between its neighbors. */
function keyTime(
  { hit: { row, item, key = 0, seconds } }: Drag,
  to: Pointer,
  { timeline: { rate, tracks } }: DragContext,
  times: readonly number[],
): number {
  const track = tracks[row];
  const frame = frameTime(1, rate);
  const least = Math.max(track?.start(item) ?? 0, (times[key - 1] ?? -1e9) + frame);
  const most = Math.min(track?.end(item) ?? 1e9, (times[key + 1] ?? 1e9) - frame);
  const aim = onFrame((times[key] ?? 0) + to.seconds - seconds, rate);
  return Math.min(Math.max(aim, least), Math.max(least, most));
}

/** Move the whole line of a clip without keyframes, or the piece between two. */
export function dragLevel(drag: Drag, to: Pointer, context: DragContext): Drag {
  const { timeline, tops } = context;
  const { row, item } = drag.hit;
  const track = timeline.tracks[row];
  const parameter = track && parameterOf(track);
  // A line with keyframes is changed by them.
  if (!track || !parameter || track.curve(item, parameter)) return drag;
  const band = { top: tops[row] ?? 0, height: rowHeight(track) };
  const value = valueAtY(parameter, to.y, band);
  const items = [track.ids[item] ?? ""];
  return {
    ...drag,
    ghosts: [{ ...asGhost(track, row, item), level: value }],
    request:
      value === track.value(item, parameter)
        ? undefined
        : {
            kind: "setClips",
            items,
            ...(parameter === "opacity" ? { opacity: value } : { gainDb: value }),
          },
    numbers: [formatValue(parameter, value)],
  };
}
