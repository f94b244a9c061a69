import { describe, expect, it } from "vitest";
import { changedLayer } from "./change";
import { dragTo, hasChanged, type Modifiers, startDrag } from "./drag";
import { LAYER } from "./fixtures";
import type { Point } from "./geometry";
import { type Handle, handleAt, type Mode, modeOf } from "./handles";
import { labelOf } from "./label";
import { snapLines } from "./snap";

const PLAIN: Modifiers = { shift: false, alt: false, ctrl: true };
const LINES = snapLines(640, 360, []);
const MOVE: Handle = { kind: "move" };

function dragged(
  mode: Mode,
  handle: Handle,
  from: Point,
  to: Point,
  modifiers: Partial<Modifiers> = {},
  layer = LAYER,
) {
  const start = startDrag(layer, mode, handle, from);
  return dragTo(start, to, { ...PLAIN, ...modifiers }, LINES, 8);
}

describe("a drag of a clip", () => {
  it("moves it as far as the pointer", () => {
    const drag = dragged("transform", MOVE, [100, 100], [140, 90]);
    expect(drag.change).toMatchObject({ by: { dx: 40, dy: -10, factor: 1 } });
    expect(drag.corners[0]).toEqual([120, 35]);
    expect(labelOf(drag)).toBe("X 200 px, Y 80 px");
    expect(hasChanged(drag)).toBe(true);
    expect(hasChanged(startDrag(LAYER, "transform", MOVE, [0, 0]))).toBe(false);
  });

  it("stays on an axis with Shift, where it still snaps", () => {
    const drag = dragged("transform", MOVE, [100, 100], [262, 103], {
      shift: true,
      ctrl: false,
    });
    // The center, at 160 before, comes to lie on 320, and stays at its height.
    expect(drag.change).toMatchObject({ by: { dx: 160, dy: 0 } });
    expect([drag.guideX, drag.guideY]).toEqual([320, undefined]);
  });

  it("snaps its edges and its center, unless Ctrl is held", () => {
    const snapped = dragged("transform", MOVE, [100, 100], [25, 60], { ctrl: false });
    // Its left edge to the picture's, its top too, 5 pixels away each.
    expect(snapped.change).toMatchObject({ by: { dx: -80, dy: -45 } });
    expect([snapped.guideX, snapped.guideY]).toEqual([0, 0]);
    const free = dragged("transform", MOVE, [100, 100], [25, 60]);
    expect(free.change).toMatchObject({ by: { dx: -75, dy: -40 } });
  });

  it("scales about the opposite corner, with Alt about the center", () => {
    const corner: Handle = { kind: "corner", number: 2 };
    const drag = dragged("transform", corner, [240, 135], [400, 225]);
    expect(drag.change).toMatchObject({ by: { factor: 2, about: [80, 45] } });
    expect(drag.corners[2]).toEqual([400, 225]);
    expect(labelOf(drag)).toBe("Scale 100.0%");
    const alt = dragged("transform", corner, [240, 135], [320, 180], { alt: true });
    expect(alt.change).toMatchObject({ by: { factor: 2, about: [160, 90] } });
    // Over the other side it stays a picture, not a mirrored one.
    const over = dragged("transform", corner, [240, 135], [0, 0]);
    expect(over.change).toMatchObject({ by: { factor: 0.01 } });
  });

  it("snaps the corner that is scaled, unless Ctrl is held", () => {
    const corner: Handle = { kind: "corner", number: 2 };
    // From 80, 45 a corner at 240, 135: at 3.5 times it reaches the picture's, 640, 360.
    const near: Point = [635, 357];
    const snapped = dragged("transform", corner, [240, 135], near, { ctrl: false });
    expect(snapped.change).toMatchObject({ by: { factor: 3.5 } });
    expect([snapped.guideX, snapped.guideY]).toEqual([640, 360]);
    const free = dragged("transform", corner, [240, 135], near);
    expect(free.change).not.toMatchObject({ by: { factor: 3.5 } });
    expect(free.guideX).toBeUndefined();
    // A guide of one's own, 5 pixels away; the height meets no line.
    const start = startDrag(LAYER, "transform", corner, [240, 135]);
    const guides = { x: [400], y: [] };
    const lines = { ...guides, y: [] };
    const own = dragTo(start, [395, 222], { ...PLAIN, ctrl: false }, lines, 8);
    expect(own.change).toMatchObject({ by: { factor: 2 } });
    expect([own.guideX, own.guideY]).toEqual([400, undefined]);
    expect(snapLines(640, 360, [], guides).x).toContain(400);
  });

  it("turns about its center, with Shift to multiples of 15 degrees", () => {
    const turn: Handle = { kind: "rotate" };
    const drag = dragged("transform", turn, [160, 20], [230, 90]);
    expect(drag.change).toMatchObject({ by: { turnDeg: 90, about: [160, 90] } });
    const layer = { ...LAYER, rotationDeg: 10 };
    const to: Point = [160 + 70 * Math.sin(0.6), 90 - 70 * Math.cos(0.6)];
    const stepped = dragged("transform", turn, [160, 20], to, { shift: true }, layer);
    // 10 and 34.4 degrees are nearest to 45.
    expect(stepped.change).toMatchObject({ by: { turnDeg: 35 } });
    expect(labelOf(stepped)).toBe("45.0°");
  });
});

describe("a crop", () => {
  it("moves the sides of its handle", () => {
    const right = dragged("crop", { kind: "edge", number: 1 }, [240, 90], [200, 20]);
    expect(right.change).toEqual({ kind: "crop", crop: [0, 0, 0.25, 0] });
    const corner = dragged("crop", { kind: "corner", number: 0 }, [80, 45], [120, 63]);
    expect(corner.change).toEqual({ kind: "crop", crop: [0.25, 0.2, 0, 0] });
    expect(corner.corners[0]).toEqual([120, 63]);
  });

  it("leaves a share of the picture, and cuts nothing beyond it", () => {
    const over = dragged("crop", { kind: "edge", number: 3 }, [80, 90], [600, 90]);
    expect(over.change).toEqual({ kind: "crop", crop: [0.99, 0, 0, 0] });
    const out = dragged("crop", { kind: "edge", number: 3 }, [80, 90], [0, 90]);
    expect(out.change).toEqual({ kind: "crop", crop: [0, 0, 0, 0] });
  });

  it("moves as a whole within the picture", () => {
    const layer = { ...LAYER, crop: [0.25, 0, 0.25, 0] as const };
    const drag = dragged("crop", MOVE, [160, 90], [600, 99], {}, layer);
    expect(drag.change).toEqual({ kind: "crop", crop: [0.5, 0, 0, 0] });
  });
});

describe("what a drag has changed", () => {
  it("is where the next one begins, before the kernel tells it", () => {
    const corner: Handle = { kind: "corner", number: 2 };
    const drag = dragged("transform", corner, [240, 135], [400, 225]);
    const layer = changedLayer(LAYER, drag.change);
    expect(layer.corners).toEqual(drag.corners);
    // Shares of the source lie where the corners of the whole do.
    expect(layer.matrix).toEqual([320, 0, 80, 0, 180, 45]);
    expect(layer).toMatchObject({ scale: 1, rotationDeg: 0, place: [240, 135] });
    const first = dragged("pin", { kind: "corner", number: 0 }, [80, 45], [96, 54]);
    const pinnedOnce = changedLayer(LAYER, first.change);
    const second = dragged(
      "pin",
      { kind: "corner", number: 3 },
      [80, 135],
      [96, 126],
      {},
      pinnedOnce,
    );
    expect(second.change).toMatchObject({
      pin: [
        [0.1, 0.1],
        [1, 0],
        [1, 1],
        [0.1, 0.9],
      ],
    });
  });
});

describe("a corner pin", () => {
  it("moves one corner, in shares of the clip's own picture", () => {
    const drag = dragged("pin", { kind: "corner", number: 1 }, [240, 45], [200, 63]);
    expect(drag.change).toMatchObject({
      pin: [
        [0, 0],
        [0.75, 0.2],
        [1, 1],
        [0, 1],
      ],
    });
  });
});

describe("handles", () => {
  it("are there for texts, and for clips in a mode; locked ones have none", () => {
    expect(modeOf(LAYER, "none")).toBe("none");
    expect(modeOf({ ...LAYER, type: "title" }, "none")).toBe("transform");
    expect(modeOf({ ...LAYER, type: "subtitle", takesEffects: false }, "crop")).toBe(
      "transform",
    );
    expect(modeOf({ ...LAYER, locked: true }, "transform")).toBe("none");
  });

  it("come before the inside of a clip", () => {
    const at = (x: number, y: number) =>
      handleAt(LAYER, "transform", [x, y], 1, [640, 360]);
    expect(at(242, 131)).toEqual({ kind: "corner", number: 2 });
    expect(at(160, 19)).toEqual({ kind: "rotate" });
    expect(at(200, 90)).toEqual(MOVE);
    expect(at(300, 90)).toBeUndefined();
  });
});
