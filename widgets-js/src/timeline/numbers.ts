/** Lengths and shifts in words of numbers, as they are shown at the pointer. Pure. */

import { t } from "../i18n";
import { frameAt, type Rate, timecode } from "../time";

const HAIR_S = 1e-9;

/** A shift in frames, or from a second on in seconds and frames: `+12f`, `−1:05`. */
export function formatShift(seconds: number, rate: Rate): string {
  const frames = frameAt(Math.abs(seconds) + HAIR_S, rate);
  const sign = seconds < 0 && frames ? "−" : "+";
  const nominal = Math.ceil(rate.num / rate.den);
  if (frames < nominal) return `${sign}${frames}f`;
  const rest = String(frames % nominal).padStart(2, "0");
  return `${sign}${Math.floor(frames / nominal)}:${rest}`;
}

/** A length as timecode, labelled. */
export function formatLength(seconds: number, rate: Rate): string {
  return t("Duration {clock}", { clock: timecode(seconds + HAIR_S, rate) });
}

/** A place on the timeline as timecode. */
export function formatPlace(seconds: number, rate: Rate): string {
  return timecode(seconds + HAIR_S, rate);
}
