import { describe, expect, it } from "vitest";
import { shownMarks } from "./curves";
import { updateDrag } from "./drag";
import { type DragContext, startDrag, type Tool } from "./dragState";
import { timeline, track } from "./fixtures";
import { RULER_PX, rowTops } from "./geometry";
import { type Hit, hit, type Zone } from "./hit";
import { nextEdge, snapTo } from "./snap";

// Three clips of 4, 3 and 2 s, and an empty track above; media from 10 s of 60.
const whole = timeline(
  track("V2", []),
  track("V1", [
    [0, 4],
    [4, 7],
    [7, 9],
  ]),
);
const context: DragContext = {
  timeline: whole,
  scale: { originS: 0, pxPerS: 100 },
  tops: rowTops(whole.tracks),
  playheadS: 20,
};
const grab = (
  item: number,
  seconds: number,
  zone: Zone,
  tool: Tool,
  ids = [`V1-${item}`],
) => startDrag({ zone, row: 1, item, seconds } satisfies Hit, tool, ids);
const to = (seconds: number, y = 90, snaps = false) => ({ seconds, y, snaps });

describe("a drag", () => {
  it("moves by whole frames, never before the start", () => {
    const drag = updateDrag(grab(2, 8, "body", "select"), to(10.013), context);
    expect(drag.request).toMatchObject({ kind: "move", anchor: "V1-2", toS: 9, up: 0 });
    const back = updateDrag(grab(1, 5, "body", "select"), to(-50), context);
    expect(back.request).toMatchObject({ toS: 0 });
    const still = updateDrag(grab(1, 5, "body", "select"), to(5.001), context);
    expect(still.request).toBeUndefined();
  });

  it("goes up to another track of its kind", () => {
    const drag = updateDrag(grab(2, 8, "body", "select"), to(8, 20), context);
    expect(drag.request).toMatchObject({ up: 1, toS: 7 });
    expect(drag.ghosts[0]).toMatchObject({ row: 0, sourceRow: 1, startS: 7, endS: 9 });
  });

  it("snaps an end of what moves, unless it is released", () => {
    const near = updateDrag(grab(2, 8, "body", "select"), to(19.05, 90, true), context);
    // The tail of the clip would lie at 20.05: the playhead at 20 draws it.
    expect(near.snapS).toBe(20);
    expect(near.request).toMatchObject({ toS: 18 });
    const free = updateDrag(grab(2, 8, "body", "select"), to(19.05), context);
    expect(free.snapS).toBeUndefined();
  });

  it("trims within the media, and leaves a frame", () => {
    const tail = updateDrag(grab(2, 9, "tail", "select"), to(99), context);
    expect(tail.request).toMatchObject({ kind: "trim", edge: "tail", toS: 57 });
    const head = updateDrag(grab(2, 7, "head", "select"), to(99), context);
    expect(head.request).toMatchObject({ edge: "head", toS: 8.96 });
    const early = updateDrag(grab(0, 0, "head", "select"), to(-5), context);
    expect(early.request).toBeUndefined();
  });

  it("rolls a cut with both its clips", () => {
    const drag = updateDrag(grab(0, 4, "tail", "roll"), to(4.4), context);
    expect(drag.request).toMatchObject({ kind: "trim", tool: "roll", toS: 4.4 });
    expect(drag.ghosts).toHaveLength(2);
    expect(drag.ghosts[1]).toMatchObject({ item: 1, startS: 4.4, endS: 7 });
    expect(drag.ghosts[1]?.mediaStartS).toBeCloseTo(10.4);
  });

  it("slips against the drag, as far as there is media", () => {
    const drag = updateDrag(grab(1, 5, "body", "slip"), to(4.6), context);
    expect(drag.request).toMatchObject({ kind: "slip", item: "V1-1" });
    expect(drag.request).toHaveProperty("byS", expect.closeTo(0.4));
    const far = updateDrag(grab(1, 5, "body", "slip"), to(99), context);
    expect(far.request).toHaveProperty("byS", -10);
  });

  it("slides to whole frames", () => {
    const drag = updateDrag(grab(1, 5, "body", "slide"), to(5.41), context);
    expect(drag.request).toMatchObject({ kind: "slide", toS: 4.4 });
  });
});

describe("snapping", () => {
  it("finds the nearest edge that does not move itself", () => {
    expect(snapTo(whole, 4.06, 0.1, [], new Set())).toBe(4);
    expect(snapTo(whole, 9.05, 0.1, [], new Set(["V1-2"]))).toBeUndefined();
    expect(snapTo(whole, 0.02, 0.1, [0], new Set())).toBe(0);
  });

  it("walks from edge to edge", () => {
    expect(nextEdge(whole, 0, 1)).toBe(4);
    expect(nextEdge(whole, 4, 1)).toBe(7);
    expect(nextEdge(whole, 7.5, -1)).toBe(7);
    expect(nextEdge(whole, 0, -1)).toBeUndefined();
    expect(nextEdge(whole, 9, 1)).toBeUndefined();
  });
});

describe("marks of keyframes", () => {
  // At half a second and at 1.6 s from the start of the second clip.
  const keyed = timeline(
    track("V1", [
      [0, 4],
      [4, 7],
    ]),
  );
  const [own] = keyed.tracks;
  if (own) own.keyMarks = new Map([["V1-1", [4.5, 5.6]]]);
  const scene = { ...context, timeline: keyed, tops: rowTops(keyed.tracks) };
  const at = (x: number, y: number, open = new Set(["V1-1"])) =>
    hit(keyed, scene.scale, scene.tops, 0, x, RULER_PX + y, { open });

  it("are taken at the lower edge of a selected clip", () => {
    // A row has 58 pixels: marks lie 7 above its lower edge.
    expect(at(563, 51)).toMatchObject({ zone: "keyMark", key: 1 });
    expect(at(563, 35).zone).not.toBe("keyMark");
    expect(at(563, 51, new Set()).zone).toBe("body");
  });

  it("lie beside the edge of their clip, and not at all beyond it", () => {
    const edged = timeline(
      track("V1", [
        [0, 4],
        [4, 7],
      ]),
    );
    const [row] = edged.tracks;
    if (row) row.keyMarks = new Map([["V1-1", [3.99, 4, 7]]]);
    const zone = (x: number) =>
      hit(edged, scene.scale, scene.tops, 0, x, RULER_PX + 51, {
        open: new Set(["V1-1"]),
      });
    // Eight pixels from the edges at 400 and 700.
    expect(zone(408)).toMatchObject({ zone: "keyMark", key: 1 });
    expect(zone(692)).toMatchObject({ zone: "keyMark", key: 2 });
    expect(zone(401).zone).toBe("head");
    expect(zone(699).zone).toBe("tail");
  });

  it("are taken the nearest of several, and not where none is seen", () => {
    const dense = timeline(
      track("V1", [
        [0, 4],
        [4, 4.14],
      ]),
    );
    const [row] = dense.tracks;
    if (row)
      row.keyMarks = new Map([
        ["V1-0", [1, 1.04, 1.08, 1.12]],
        ["V1-1", [4.08]],
      ]);
    const found = (x: number) =>
      hit(dense, scene.scale, scene.tops, 0, x, RULER_PX + 51, {
        open: new Set(["V1-0", "V1-1"]),
      });
    expect([99, 103, 107.5, 113].map((x) => found(x).key)).toEqual([0, 1, 2, 3]);
    // A clip of 14 pixels shows none.
    expect(found(407).zone).toBe("body");
  });

  it("move by frames, between their neighbors and within the clip", () => {
    const held = startDrag(at(560, 51), "select", ["V1-1"]);
    const request = (seconds: number) => updateDrag(held, to(seconds), scene).request;
    expect(request(6.005)).toEqual({
      kind: "moveKeyframes",
      item: "V1-1",
      atS: 5.6,
      toS: 6,
    });
    expect(request(99)).toMatchObject({ toS: 7 });
    expect(request(0)).toMatchObject({ toS: 4.5 + 1 / 25 });
    expect(request(5.605)).toBeUndefined();
  });

  it("stay on the pictures that a trim, a slip or a move shows", () => {
    const ghosts = (zone: Zone, tool: Tool, seconds: number) =>
      updateDrag(
        startDrag({ zone, row: 0, item: 1, seconds: 4 }, tool, ["V1-1"]),
        to(seconds),
        scene,
      ).ghosts.filter(({ item }) => item === 1);
    const shown = (zone: Zone, tool: Tool, seconds: number) =>
      ghosts(zone, tool, seconds).map((ghost) => own && shownMarks(own, ghost))[0];
    expect(shown("body", "select", 5)).toEqual([5.5, 6.6]);
    // The head of the clip goes, the pictures behind it stay.
    expect(shown("head", "select", 4.4)).toEqual([4.5, 5.6]);
    // The pictures move to the head that stays.
    expect(shown("head", "ripple", 4.4)?.[0]).toBeCloseTo(4.1);
    // To the right: a second of earlier pictures comes in.
    expect(shown("body", "slip", 5)).toEqual([5.5, 6.6]);
  });
});
