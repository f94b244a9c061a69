// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Model } from "./channel";
import { Playhead } from "./playhead";

function fakeModel() {
  const traits = new Map<string, unknown>([["playhead", 0]]);
  const saved: number[] = [];
  const listeners = new Set<() => void>();
  const model: Model = {
    get: (name) => traits.get(name),
    set: (name, value) => traits.set(name, value),
    save_changes: () => saved.push(Number(traits.get("playhead"))),
    send: () => undefined,
    on: (_, listener) => listeners.add(listener as () => void),
    off: () => undefined,
  };
  const fromKernel = (seconds: number, turn = 0) => {
    traits.set("playhead", seconds).set("_playhead_turn", turn);
    for (const listener of listeners) listener();
  };
  return { model, traits, saved, fromKernel };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the playhead", () => {
  it("reaches views at once, and the kernel ten times a second", () => {
    const { model, saved } = fakeModel();
    const playhead = new Playhead(model);
    const moves: number[] = [];
    playhead.onMove((seconds) => moves.push(seconds));
    for (let n = 1; n <= 30; n++) {
      playhead.move(n);
      vi.advanceTimersByTime(10);
    }
    expect(moves).toHaveLength(30);
    expect(saved.length).toBeLessThanOrEqual(4);
    vi.advanceTimersByTime(200);
    expect(saved.at(-1)).toBe(30);
  });

  it("tells nobody of a move to where it is", () => {
    const { model, saved } = fakeModel();
    const playhead = new Playhead(model);
    playhead.move(2, 50);
    vi.advanceTimersByTime(200);
    const moves: number[] = [];
    playhead.onMove((seconds) => moves.push(seconds));
    playhead.move(2, 50);
    vi.advanceTimersByTime(200);
    expect(moves).toEqual([]);
    expect(saved).toEqual([2]);
    // At another rate, it is another frame.
    playhead.move(2, 60);
    expect(moves).toEqual([2]);
  });

  it("follows the kernel, but not its own word coming back", () => {
    const { model, fromKernel } = fakeModel();
    const playhead = new Playhead(model);
    playhead.move(3);
    vi.advanceTimersByTime(150);
    playhead.move(4);
    fromKernel(3);
    expect(playhead.seconds).toBe(4);
    fromKernel(8);
    expect(playhead.seconds).toBe(8);
  });

  it("keeps every step while echoes of earlier ones come late", () => {
    const { model, fromKernel } = fakeModel();
    const playhead = new Playhead(model);
    playhead.move(1);
    vi.advanceTimersByTime(150);
    playhead.move(2);
    vi.advanceTimersByTime(150);
    // The echo of the first move comes after the second was sent.
    fromKernel(1);
    expect(playhead.seconds).toBe(2);
    fromKernel(2);
    playhead.move(playhead.seconds + 1);
    expect(playhead.seconds).toBe(3);
    // Much later, the same second is a cell's word.
    vi.advanceTimersByTime(10_000);
    fromKernel(2);
    expect(playhead.seconds).toBe(2);
  });

  it("says in which turn of the kernel it was moved, and follows a new turn", () => {
    const { model, traits, saved, fromKernel } = fakeModel();
    const playhead = new Playhead(model);
    playhead.move(3);
    vi.advanceTimersByTime(150);
    expect(traits.get("_page_move")).toEqual([0, 1]);
    // A cell moves it to where the page was of late: no echo.
    playhead.move(4);
    fromKernel(3, 1);
    expect(playhead.seconds).toBe(3);
    vi.advanceTimersByTime(150);
    expect(saved).toEqual([3]);
    playhead.move(6);
    vi.advanceTimersByTime(150);
    expect(traits.get("_page_move")).toEqual([1, 2]);
  });
});
