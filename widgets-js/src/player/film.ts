/** The film that is shown: seconds and frame numbers. Pure. */

import type { PlayerSourceView } from "../protocol";
import type { Rate } from "../time";

export class Film {
  readonly rate: Rate;
  readonly last: number;
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

  /** The frame shown at a second. A hair is forgiven: seconds are floats. */
  frameAt(seconds: number): number {
    const hair = 1e-6;
    if (!this.times) {
      const frame = Math.floor((seconds * this.rate.num) / this.rate.den + hair);
      return this.within(frame);
    }
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] ?? 0) <= seconds + hair) low = middle + 1;
      else high = middle;
    }
    return this.within(low - 1);
  }

  /** The frame whose beginning is nearest: what a decoder's rounded time means. */
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

export const NO_FILM = new Film(
  {
    kind: "film",
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
  },
  undefined,
);
