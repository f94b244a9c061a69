/** Scroll while something is dragged to an edge of the timeline. */

import { RULER_PX } from "./geometry";
import type { State } from "./state";

const EDGE_PX = 24;
const MOST_PX_PER_S = 1400;
const LONGEST_FRAME_S = 0.1;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How fast a pointer at a place scrolls: 0 away from the edges, at most ±1. Pure. */
export function edgePull(place: number, first: number, last: number): number {
  const before = first + EDGE_PX - place;
  const after = place - (last - EDGE_PX);
  if (before > 0) return -Math.min(1, before / (2 * EDGE_PX));
  return after > 0 ? Math.min(1, after / (2 * EDGE_PX)) : 0;
}

export class AutoScroll {
  #point: Point = { x: 0, y: 0 };
  #again: () => void = () => undefined;
  #frame = 0;
  #lastMs = 0;

  constructor(
    readonly state: State,
    readonly redraw: () => void,
  ) {}

  /** Note where a drag is; `again` handles its last event anew after each step. */
  during(point: Point, again: () => void, { rows = true } = {}): void {
    const { width, height } = this.state;
    this.#point = point;
    this.#again = again;
    const pullX = edgePull(point.x, 0, width);
    const pullY = rows ? edgePull(point.y, RULER_PX, height) : 0;
    if (!pullX && !pullY) {
      this.stop();
    } else if (!this.#frame) {
      this.#lastMs = performance.now();
      this.#frame = requestAnimationFrame((now) => this.#step(now, rows));
    }
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #step(nowMs: number, rows: boolean): void {
    const { state } = this;
    const seconds = Math.min(LONGEST_FRAME_S, Math.max(0, nowMs - this.#lastMs) / 1000);
    this.#lastMs = nowMs;
    const by = (pull: number) => pull * MOST_PX_PER_S * seconds;
    const pullY = rows ? edgePull(this.#point.y, RULER_PX, state.height) : 0;
    const hasMoved = state.scrollBy(
      by(edgePull(this.#point.x, 0, state.width)),
      by(pullY),
    );
    this.#frame = requestAnimationFrame((now) => this.#step(now, rows));
    if (!hasMoved) return;
    this.#again();
    this.redraw();
  }
}
