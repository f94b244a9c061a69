/** Notice that a video stands still, and get it going again. */

// A video that has data shows a frame at least this often.
const STALL_MS = 500;
// With no data so long, everything is fetched anew; later each time, as a kernel that
// composes slowly would only begin again and again.
const REOPEN_MS = 4_000;
const MOST_MS = 30_000;

export interface StallCallbacks {
  waiting(isWaiting: boolean): void;
  /** Go on with what there is. */
  resume(): void;
  /** Fetch everything anew. */
  reopen(): void;
}

export class Stall {
  #video: HTMLVideoElement;
  #callbacks: StallCallbacks;
  #isWatching = false;
  #isWaiting = false;
  #lastTimeS = -1;
  #movedAtMs = 0;
  #dataAtMs = 0;
  #reopenAfterMs = REOPEN_MS;

  constructor(video: HTMLVideoElement, callbacks: StallCallbacks) {
    this.#video = video;
    this.#callbacks = callbacks;
  }

  begin(): void {
    this.#isWatching = true;
    this.#lastTimeS = this.#video.currentTime;
    this.#movedAtMs = this.#dataAtMs = performance.now();
  }

  end(): void {
    this.#isWatching = false;
    this.#setWaiting(false);
  }

  /** The kernel has sent something. */
  onData(): void {
    this.#dataAtMs = performance.now();
  }

  check(): void {
    if (!this.#isWatching || this.#video.ended) return;
    const now = performance.now();
    if (this.#video.currentTime !== this.#lastTimeS) {
      this.#lastTimeS = this.#video.currentTime;
      this.#movedAtMs = now;
      this.#reopenAfterMs = REOPEN_MS;
      this.#setWaiting(false);
      return;
    }
    if (now - this.#movedAtMs < STALL_MS) return;
    this.#setWaiting(true);
    this.#callbacks.resume();
    if (now - Math.max(this.#movedAtMs, this.#dataAtMs) < this.#reopenAfterMs) return;
    this.#reopenAfterMs = Math.min(MOST_MS, 2 * this.#reopenAfterMs);
    this.#callbacks.reopen();
    // The new attempt is part of the same stall.
    this.#setWaiting(true);
  }

  #setWaiting(isWaiting: boolean): void {
    if (isWaiting === this.#isWaiting) return;
    this.#isWaiting = isWaiting;
    this.#callbacks.waiting(isWaiting);
  }
}
