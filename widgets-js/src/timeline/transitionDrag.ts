/** Move a transition along its cut, or set its length by an edge. Pure. */

import { t } from "../i18n";
import { frameTime, onFrame } from "../time";
import type { Drag, DragContext, Pointer } from "./dragState";
import type { Timeline, Track } from "./model";
import { formatLength } from "./numbers";

/** How a transition lies on its cut. */
export interface Lie {
  /** The clips before and after the cut. */
  readonly before: number;
  readonly after: number;
  readonly cutS: number;
  readonly inS: number;
  readonly outS: number;
}

export function lieOf(track: Track, transition: number): Lie {
  const [before, after] = track.joined(transition);
  const cutS = track.start(after);
  return {
    before,
    after,
    cutS,
    inS: cutS - track.start(transition),
    outS: track.end(transition) - cutS,
  };
}

const HAIR_S = 1e-6;

export function isCentered({ inS, outS }: Lie): boolean {
  return Math.abs(inS - outS) < HAIR_S;
}

/** The most that there is media for, before and after the cut. */
export function mostOf(
  track: Track,
  { before, after }: Lie,
): readonly [number, number] {
  return [
    Math.min(track.headRoom(after), track.end(before) - track.start(before)),
    Math.min(track.tailRoom(before), track.end(after) - track.start(after)),
  ];
}

export function dragTransition(
  drag: Drag,
  to: Pointer,
  { timeline }: DragContext,
): Drag {
  const { row, item, zone } = drag.hit;
  const track = timeline.tracks[row];
  if (!track) return drag;
  const { rate } = timeline;
  const lie = lieOf(track, item);
  const [mostIn, mostOut] = mostOf(track, lie);
  const frame = frameTime(1, rate);
  const by = onFrame(to.seconds - drag.hit.seconds, rate);
  let { inS, outS } = lie;
  const length = inS + outS;
  const both = isCentered(lie) && !to.onlySide;
  if (zone === "transition") {
    // All of it stays on the cut, and within the media.
    const shift = clamp(
      by,
      Math.max(-mostIn + inS, -outS),
      Math.min(mostOut - outS, inS),
    );
    [inS, outS] = [inS - shift, outS + shift];
  } else if (both) {
    const grown = zone === "transitionHead" ? -by : by;
    inS = clamp(inS + grown, frame, Math.min(mostIn, mostOut));
    outS = inS;
  } else if (zone === "transitionHead") {
    inS = clamp(inS - by, Math.max(0, frame - outS), mostIn);
  } else {
    outS = clamp(outS + by, Math.max(0, frame - inS), mostOut);
  }
  const isSame = Math.abs(inS - lie.inS) < HAIR_S && Math.abs(outS - lie.outS) < HAIR_S;
  const wanted = zone === "transition" ? Math.abs(by) : Math.abs(inS + outS - length);
  return {
    ...drag,
    bridge: { row, item, startS: lie.cutS - inS, endS: lie.cutS + outS },
    isHeld: wanted > HAIR_S && isSame,
    request: isSame
      ? undefined
      : {
          kind: "setTransitionRange",
          after: track.ids[lie.before] ?? "",
          inS,
          outS,
        },
    numbers: [formatLength(inS + outS, rate), alignmentOf(inS, outS, timeline)],
  };
}

/** Where a transition lies on its cut, in words. */
export function alignmentOf(inS: number, outS: number, { rate }: Timeline): string {
  if (Math.abs(inS - outS) < HAIR_S) return t("Centered on the cut");
  if (inS < HAIR_S) return t("Starts at the cut");
  if (outS < HAIR_S) return t("Ends at the cut");
  const frames = (seconds: number) =>
    String(Math.round((seconds * rate.num) / rate.den));
  return t("{before} frames before the cut, {after} after", {
    before: frames(inS),
    after: frames(outS),
  });
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, Math.max(least, most)));
}
