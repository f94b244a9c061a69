/** Read timecode as a person types it. Pure. */

import { frameAt, frameTime, type Rate } from "./time";

const PLAIN = /^([+-]?)(\d+(?:[:;.,]\d+){0,3})$/;
const PARTS = 4;

/**
 * The second that typed timecode means; undefined if it is none.
 *
 * Digits without colons are read from the right, two a part: "1205" is 12 seconds and
 * 5 frames. A sign counts from `fromS`.
 */
export function parseTimecode(text: string, rate: Rate, fromS = 0): number | undefined {
  const found = PLAIN.exec(text.trim());
  if (!found) return undefined;
  const [, sign = "", digits = ""] = found;
  const parts = /\D/.test(digits) ? digits.split(/\D/) : pairs(digits);
  const numbers = parts.map(Number);
  while (numbers.length < PARTS) numbers.unshift(0);
  const [hours = 0, minutes = 0, seconds = 0, frames = 0] = numbers;
  const nominal = Math.ceil(rate.num / rate.den);
  const frame = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames;
  if (!sign) return frameTime(frame, rate);
  const from = frameAt(fromS, rate);
  return frameTime(Math.max(0, sign === "-" ? from - frame : from + frame), rate);
}

/** Digits in pairs from the right; what is left of four pairs stays with the first. */
function pairs(digits: string): string[] {
  const found: string[] = [];
  let rest = digits;
  while (rest && found.length < PARTS - 1) {
    found.unshift(rest.slice(-2));
    rest = rest.slice(0, -2);
  }
  return rest ? [rest, ...found] : found;
}
