import { describe, expect, it } from "vitest";
import type { MarkerView } from "../protocol";
import { startDrag } from "./dragState";
import { timeline, track } from "./fixtures";
import { followDrag, hitIn } from "./followDrag";
import { markerIn, markersIn } from "./followMarkers";
import { TRANSITION, Track } from "./model";

const FILM = timeline(
  track("V1", [
    [0, 4],
    [4, 7],
    [7, 9],
  ]),
);

/** The same tracks, of which a track keeps its columns under other names. */
const named = (one: Track, ids: readonly string[]) =>
  new Track(one.name, one.type, true, false, 0, one.columns, ids, ids);

// The first clip of V1 went, and another track came above it.
const CHANGED = timeline(
  track("V2", [[0, 1]]),
  named(
    track("V1", [
      [0, 3],
      [3, 5],
    ]),
    ["V1-1", "V1-2"],
  ),
);

const hit = (item: number, zone = "body" as const) => ({
  zone,
  row: 0,
  item,
  seconds: 5,
});

describe("a drag, once the timeline is another one,", () => {
  it("holds the same clip, by the same place of it", () => {
    expect(hitIn(hit(1), FILM, CHANGED)).toMatchObject({ row: 1, item: 0, seconds: 1 });
  });

  it("is over when its clip is gone", () => {
    expect(hitIn(hit(0), FILM, CHANGED)).toBeUndefined();
    const drag = startDrag(hit(0), "select", ["V1-0"]);
    expect(followDrag(drag, FILM, CHANGED)).toBeUndefined();
  });

  it("goes on without those of its clips that are gone", () => {
    const ghost = { row: 0, sourceRow: 0, startS: 5, endS: 8, mediaStartS: 0 };
    const drag = {
      ...startDrag(hit(1), "select", ["V1-0", "V1-1"]),
      ghosts: [
        { ...ghost, item: 0 },
        { ...ghost, item: 1 },
      ],
      request: {
        kind: "move" as const,
        items: ["V1-0", "V1-1"],
        anchor: "V1-1",
        toS: 5,
        up: 0,
        alone: false,
      },
    };
    const followed = followDrag(drag, FILM, CHANGED);
    expect(followed?.items).toEqual(["V1-1"]);
    expect(followed?.request).toMatchObject({ items: ["V1-1"], toS: 5 });
    expect(followed?.ghosts).toEqual([{ ...ghost, row: 1, sourceRow: 1, item: 0 }]);
  });

  it("of a transition is over when there is none at its cut any more", () => {
    const cut = timeline(
      track("V1", [
        [0, 4],
        [3, 5, TRANSITION],
        [4, 7],
      ]),
    );
    const edge = { ...hit(1), zone: "transitionTail" as const };
    expect(hitIn(edge, cut, cut)).toMatchObject({ item: 1 });
    const plain = timeline(
      named(
        track("V1", [
          [0, 4],
          [4, 7],
        ]),
        ["V1-0", "V1-2"],
      ),
    );
    expect(hitIn(edge, cut, plain)).toBeUndefined();
  });
});

describe("a marker is found again", () => {
  const marker = (name: string, startS: number): MarkerView => ({
    name,
    startS,
    durationS: 0,
    color: "red",
    note: "",
  });
  const [a, b, c] = [marker("a", 1), marker("b", 2), marker("c", 3)];

  it("where others came or went, and where it was renamed or moved", () => {
    expect(markerIn(1, [a, b], [c, a, b])).toBe(2);
    expect(markerIn(1, [a, b], [b])).toBe(0);
    expect(markerIn(1, [a, b], [a, marker("other", 2)])).toBe(1);
    expect(markerIn(1, [a, b], [a, marker("b", 9)])).toBe(1);
  });

  it("each of equal ones, in their order", () => {
    expect(markersIn([a, a, b], [b, a, c, a])).toEqual([1, 3, 0]);
  });

  it("and missed where it is gone", () => {
    expect(markerIn(1, [a, b], [a])).toBe(-1);
    expect(markerIn(1, [a, b], [a, c])).toBe(-1);
    expect(markerIn(-1, [a, b], [a, b])).toBe(-1);
  });
});
