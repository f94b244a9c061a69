import { describe, expect, it } from "vitest";
import type { TimelineView, TrackView } from "../protocol";
import { timeline, track } from "./fixtures";
import { EMPTY, mergeTimeline, placeOf } from "./model";

const trackView = (name: string, buffer: number, ids: string[]): TrackView => ({
  name,
  type: "video",
  enabled: true,
  locked: false,
  gainDb: 0,
  buffer,
  head: 0,
  tail: 0,
  ids,
  names: ids,
  syncLock: "auto",
  markers: [],
  curves: [],
  keyMarks: [],
  ramps: [],
});
const view = (...tracks: TrackView[]): TimelineView => ({
  kind: "timeline",
  id: 0,
  view: "",
  name: "walk",
  path: ["walk"],
  rateNum: 25,
  rateDen: 1,
  durationS: 9,
  tracks,
  markers: [],
  media: [],
});

describe("a timeline", () => {
  it("reads columns wherever they begin in a message", () => {
    const bytes = new Uint8Array(3 + 224);
    new DataView(bytes.buffer).setFloat64(3, 1.5, true);
    new DataView(bytes.buffer).setFloat64(3 + 112, 7, true);
    const read = mergeTimeline(EMPTY, view(trackView("V1", 0, ["a", "b"])), [
      new DataView(bytes.buffer, 3, 224),
    ]);
    expect(read.tracks[0]?.start(0)).toBe(1.5);
    expect(read.tracks[0]?.start(1)).toBe(7);
  });

  it("puts new items between those that it has", () => {
    const rows = (...starts: number[]) => {
      const data = new Float64Array(starts.length * 14);
      for (const [item, startS] of starts.entries()) data[item * 14] = startS;
      return new DataView(data.buffer);
    };
    const whole = trackView("V1", 0, ["a", "b", "c", "d"]);
    const old = mergeTimeline(EMPTY, view(whole), [rows(1, 2, 3, 4)]);
    const take = (head: number, ids: string[], tail: number, ...starts: number[]) => {
      const news = { ...trackView("V1", 0, ids), head, tail };
      const [own] = mergeTimeline(old, view(news), [rows(...starts)]).tracks;
      return [
        own?.ids.join(""),
        own?.ids.map((_, item) => own.start(item)),
        own?.names,
      ];
    };
    expect(take(1, ["x"], 2, 9)).toEqual(["axcd", [1, 9, 3, 4], ["a", "x", "c", "d"]]);
    expect(take(4, ["x"], 0, 9)?.[0]).toBe("abcdx");
    expect(take(0, ["x", "y"], 4, 8, 9)?.[1]).toEqual([8, 9, 1, 2, 3, 4]);
    expect(take(1, [], 1)?.slice(0, 2)).toEqual(["ad", [1, 4]]);
    expect(take(0, ["x"], 0, 9)?.[0]).toBe("x");
  });

  it("keeps the items of tracks that did not change", () => {
    const data = new DataView(new Float64Array(8).fill(2).buffer);
    const first = mergeTimeline(
      EMPTY,
      view(trackView("V1", 0, ["a"]), trackView("V2", 0, ["b"])),
      [data],
    );
    const next = mergeTimeline(
      first,
      view(trackView("V2", -1, []), trackView("V1", 0, ["c"])),
      [data],
    );
    expect(next.tracks.map((one) => one.ids)).toEqual([["b"], ["c"]]);
    expect(next.tracks[0]?.columns).toBe(first.tracks[1]?.columns);
  });

  it("finds items and transitions by time, and items by id", () => {
    const one = track("V1", [
      [0, 4],
      [3.5, 4.5, 1],
      [4, 7],
      [8, 9],
    ]);
    expect([0, 3.9, 4, 6.9, 7.5, 8, 9].map(one.itemAt.bind(one))).toEqual([
      0, 0, 2, 2, -1, 3, -1,
    ]);
    expect([3.4, 3.5, 4.4, 4.5].map(one.transitionAt.bind(one))).toEqual([
      -1, 1, 1, -1,
    ]);
    const whole = timeline(track("V2", [[0, 1]]), one);
    expect(placeOf(whole, "V1-3")).toEqual({ row: 1, item: 3 });
    expect(placeOf(whole, "gone")).toBeUndefined();
  });

  it("finds the first of several items with one id, and all after an update", () => {
    const data = new DataView(new Float64Array(8).fill(2).buffer);
    const first = mergeTimeline(
      EMPTY,
      view(trackView("V2", 0, ["a", "", "b", ""]), trackView("V1", 0, ["b", "c"])),
      [data],
    );
    expect(placeOf(first, "b")).toEqual({ row: 0, item: 2 });
    expect(placeOf(first, "")).toEqual({ row: 0, item: 1 });
    const next = mergeTimeline(
      first,
      view(trackView("V1", -1, []), trackView("V2", 0, ["a", "d"])),
      [data],
    );
    expect(["a", "b", "c", "d"].map((id) => placeOf(next, id))).toEqual([
      { row: 1, item: 0 },
      { row: 0, item: 0 },
      { row: 0, item: 1 },
      { row: 1, item: 1 },
    ]);
  });

  it("finds 50,000 selected clips without a walk for each", () => {
    const ids = Array.from({ length: 50_000 }, (_, n) => `c${n}`);
    let reads = 0;
    const watched = new Proxy(ids, {
      get: (list, key) => {
        reads++;
        return Reflect.get(list, key);
      },
    });
    const whole = mergeTimeline(EMPTY, view(trackView("V1", 0, watched)), []);
    for (const [item, id] of ids.entries()) {
      expect(placeOf(whole, id)?.item).toBe(item);
    }
    expect(reads).toBeLessThan(4 * ids.length);
  });

  it("searches 100,000 clips by halving", () => {
    const many = track(
      "V1",
      Array.from({ length: 100_000 }, (_, n) => [n, n + 1] as const),
    );
    let reads = 0;
    const end = many.end;
    many.end = (item) => {
      reads += 1;
      return end(item);
    };
    expect(many.itemAt(77_777.5)).toBe(77_777);
    expect(reads).toBeLessThan(40);
  });
});
