/** Seconds, frames and timecode. Pure. */

export interface Rate {
  readonly num: number;
  readonly den: number;
}

/** The frame shown at a second; floats just below its start count as in it. */
export function frameAt(seconds: number, rate: Rate): number {
  return Math.floor((seconds * rate.num) / rate.den + 1e-6);
}

/** The second at which a frame begins. */
export function frameTime(frame: number, rate: Rate): number {
  return (frame * rate.den) / rate.num;
}

/** The second of the nearest frame boundary. */
export function onFrame(seconds: number, rate: Rate): number {
  return frameTime(Math.round((seconds * rate.num) / rate.den), rate);
}

/** The last frame of a duration; floats just above a boundary count as on it. */
export function lastFrame(durationS: number, rate: Rate): number {
  return Math.max(0, Math.ceil((durationS * rate.num) / rate.den - 1e-6) - 1);
}

/** `HH:MM:SS:FF`, counted without dropping numbers. */
export function timecode(seconds: number, rate: Rate): string {
  const nominal = Math.ceil(rate.num / rate.den);
  const frame = Math.max(0, frameAt(seconds, rate));
  const whole = Math.floor(frame / nominal);
  const parts = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
    frame % nominal,
  ];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
