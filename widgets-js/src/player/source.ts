/** What the player shows: its seconds and frame numbers. Pure. */

import type { PlayerSourceView } from "../protocol";
import type { Rate } from "../time";

// Floats may round a frame's start to just before it: by so many frames or seconds.
const TOLERANCE = 1e-6;
// Seconds this near to each other are the same; frames are much longer.
const SAME_S = 1e-5;

/** An edit or a media file as the player knows it, one version of it. */
export class PlayerSource {
  readonly rate: Rate;
  readonly last: number;

  /** `times` are the seconds of frames that are not evenly spaced. */
  constructor(
    readonly view: PlayerSourceView,
    readonly times: Float64Array | undefined,
  ) {
    this.rate = { num: view.rateNum, den: view.rateDen };
    this.last = Math.max(0, view.frames - 1);
  }

  /** The second at which a frame begins. */
  timeOf(frame: number): number {
    if (!this.times) return (frame * this.rate.den) / this.rate.num;
    return this.times[frame] ?? this.view.durationS;
  }

  /** The frame shown at a second. */
  frameAt(seconds: number): number {
    if (!this.times) {
      const frame = (seconds * this.rate.num) / this.rate.den + TOLERANCE;
      return this.within(Math.floor(frame));
    }
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] ?? 0) <= seconds + TOLERANCE) low = middle + 1;
      else high = middle;
    }
    return this.within(low - 1);
  }

  /** The second at which a frame ends. */
  endOf(frame: number): number {
    return this.timeOf(frame + 1);
  }

  isBehindLast(seconds: number): boolean {
    return seconds > this.endOf(this.last) - SAME_S;
  }

  /** The last frame that is shown before a second. */
  lastBefore(seconds: number): number {
    const frame = this.frameAt(seconds);
    const beginsThere = this.timeOf(frame) > seconds - SAME_S;
    return beginsThere ? this.within(frame - 1) : frame;
  }

  /** The frame that begins nearest to a second, as a decoder rounds its times. */
  frameNear(seconds: number): number {
    const frame = this.frameAt(seconds);
    const next = this.within(frame + 1);
    const isNext = this.timeOf(next) - seconds < seconds - this.timeOf(frame);
    return isNext ? next : frame;
  }

  within(frame: number): number {
    return Math.min(this.last, Math.max(0, frame));
  }
}

export const EMPTY_SOURCE = new PlayerSource(
  {
    kind: "playerSource",
    id: 0,
    view: "",
    version: 0,
    name: "",
    frames: 0,
    rateNum: 25,
    rateDen: 1,
    durationS: 0,
    width: 16,
    height: 9,
    hasSound: false,
    file: "",
    fileType: "",
    soundType: "",
    isLight: false,
    hasPictures: true,
  },
  undefined,
);
