/** The part of a timeline in view, on the strip that shows all of it. Pure. */

import { MAX_PX_PER_S, type Scale, toSeconds } from "./geometry";

interface View {
  readonly scale: Scale;
  readonly width: number;
  readonly timeline: { readonly durationS: number };
}

export interface ViewWindow {
  readonly startPx: number;
  readonly endPx: number;
  /** The seconds that the strip stands for. */
  readonly totalS: number;
}

const LEAST_PX = 16;

export function windowOf(
  { scale, width, timeline }: View,
  stripPx: number,
): ViewWindow {
  const endS = toSeconds(scale, width);
  const totalS = Math.max(timeline.durationS * 1.04, endS, 1);
  const pxPerS = stripPx / totalS;
  return { startPx: scale.originS * pxPerS, endPx: endS * pxPerS, totalS };
}

/** The scale at which the view shows what lies between two places of the strip. */
export function zoomedTo(
  view: View,
  stripPx: number,
  startPx: number,
  endPx: number,
): Scale {
  const { totalS, startPx: before } = windowOf(view, stripPx);
  const isStartMoved = Math.abs(startPx - before) > 1e-6;
  let first = Math.max(0, startPx);
  let last = Math.min(stripPx, endPx);
  if (last - first < LEAST_PX) {
    if (isStartMoved) first = last - LEAST_PX;
    else last = first + LEAST_PX;
  }
  const lengthS = ((last - first) / stripPx) * totalS;
  const pxPerS = Math.min(MAX_PX_PER_S, view.width / lengthS);
  return { originS: (Math.max(0, first) / stripPx) * totalS, pxPerS };
}
