import { describe, expect, it } from "vitest";
import { updateDrag } from "./drag";
import {
  type Drag,
  type DragContext,
  startDrag,
  type Tool,
  type Zone,
} from "./dragState";
import { timeline, track } from "./fixtures";
import { rowTops } from "./geometry";

// Clips of 4, 3 and 2 s; media of a minute, from its seconds 10, 57 and 0.5.
const whole = timeline(
  track("V1", [
    [0, 4, 0, 10],
    [4, 7, 0, 56],
    [7, 9, 0, 0.5],
  ]),
);
const context: DragContext = {
  timeline: whole,
  scale: { originS: 0, pxPerS: 100 },
  tops: rowTops(whole.tracks),
  playheadS: 99,
};
const drag = (
  tool: Tool,
  item: number,
  zone: Zone,
  fromS: number,
  toS: number,
): Drag => {
  const start = startDrag({ zone, row: 0, item, seconds: fromS }, tool, [`V1-${item}`]);
  return updateDrag(start, { seconds: toS, y: 10, snaps: false }, context);
};

describe("a trim", () => {
  it("stops at its neighbors and at the end of the media", () => {
    // The next clip is in the way.
    expect(drag("select", 0, "tail", 4, 6).request).toBeUndefined();
    // A second of media is left after the second clip.
    const ripple = drag("ripple", 1, "tail", 7, 30);
    expect(ripple.request).toMatchObject({ edge: "tail", toS: 8, tool: "ripple" });
    expect(ripple.isHeld).toBe(true);
    expect(ripple.pushes).toEqual([{ row: 0, fromS: 7, byS: 1 }]);
    // Half a second before the third: its start stays, what follows moves.
    const head = drag("ripple", 2, "head", 7, 1);
    expect(head.request).toMatchObject({ edge: "head", toS: 6.5 });
    expect(head.ghosts[0]).toMatchObject({ startS: 7, endS: 9.5, mediaStartS: 0 });
    expect(head.pushes).toEqual([{ row: 0, fromS: 9, byS: 0.5 }]);
  });

  it("rolls a cut within the media of both sides", () => {
    const later = drag("roll", 1, "tail", 7, 30);
    expect(later.request).toMatchObject({ toS: 8, tool: "roll" });
    expect(later.ghosts[1]).toMatchObject({ item: 2, startS: 8, mediaStartS: 1.5 });
    const earlier = drag("roll", 2, "head", 7, 0);
    expect(earlier.request).toMatchObject({ toS: 6.5 });
    expect(earlier.ghosts[1]).toMatchObject({ item: 1, endS: 6.5 });
  });

  it("slips and slides within the media, and shows the frames at the edges", () => {
    // Dragging to the left shows later media: a second is left.
    const slip = drag("slip", 1, "body", 5, -20);
    expect(slip.request).toMatchObject({ kind: "slip", byS: 1 });
    expect(slip.frames.map((frame) => frame?.mediaS)).toEqual([57, 59.96]);
    const slide = drag("slide", 1, "body", 5, 1);
    // The third clip has half a second before its start.
    expect(slide.request).toMatchObject({ kind: "slide", toS: 3.5 });
    expect(slide.ghosts).toMatchObject([
      { item: 1, startS: 3.5, endS: 6.5 },
      { item: 0, endS: 3.5 },
      { item: 2, startS: 6.5, mediaStartS: 0 },
    ]);
  });
});

describe("a transition", () => {
  const joined = timeline(
    track("V1", [
      [0, 4, 0, 10],
      [3.6, 4.4, 1],
      [4, 7, 0, 0.6],
    ]),
  );
  const move = (zone: Zone, fromS: number, toS: number, onlySide = false) => {
    const start = startDrag({ zone, row: 0, item: 1, seconds: fromS }, "select", []);
    const to = { seconds: toS, y: 10, snaps: false, onlySide };
    return updateDrag(start, to, { ...context, timeline: joined });
  };

  it("moves along its cut, as far as there is media", () => {
    const later = move("transition", 4, 4.2).request as { inS: number; outS: number };
    expect(later).toMatchObject({ kind: "setTransitionRange", after: "V1-0" });
    expect(later.inS).toBeCloseTo(0.2);
    expect(later.outS).toBeCloseTo(0.6);
    // The clip after the cut has 0.6 s before its start.
    const first = move("transition", 4, 1);
    expect(first.bridge?.startS).toBeCloseTo(3.4);
    expect(first.bridge?.endS).toBeCloseTo(4.2);
  });

  it("grows by its edges on both sides, or with Shift on one", () => {
    const both = move("transitionTail", 4.4, 4.52).bridge;
    expect(both?.startS).toBeCloseTo(3.48);
    expect(both?.endS).toBeCloseTo(4.52);
    const one = move("transitionTail", 4.4, 4.52, true).bridge;
    expect(one?.startS).toBeCloseTo(3.6);
    expect(one?.endS).toBeCloseTo(4.52);
  });
});
