import { describe, expect, it } from "vitest";
import { boxFor, draggedBox, startBoxDrag, withoutDuplicates } from "./boxDrag";
import type { Box } from "./boxes";

const box = (row: number, x1: number, y1: number, x2: number, y2: number): Box => ({
  row,
  x1,
  y1,
  x2,
  y2,
  score: 1,
  label: 0,
  track: -1,
});

describe("a drag on a box", () => {
  it("moves the whole by its inside", () => {
    const drag = startBoxDrag(box(3, 10, 10, 50, 40), [30, 25], 4);
    expect(draggedBox(drag, [35, 20])).toEqual({ x1: 15, y1: 5, x2: 55, y2: 35 });
    expect(drag.row).toBe(3);
  });

  it("moves an edge or a corner alone", () => {
    const edge = startBoxDrag(box(0, 10, 10, 50, 40), [51, 25], 4);
    expect(draggedBox(edge, [61, 99])).toEqual({ x1: 10, y1: 10, x2: 60, y2: 40 });
    const corner = startBoxDrag(box(0, 10, 10, 50, 40), [10, 41], 4);
    expect(draggedBox(corner, [5, 51])).toEqual({ x1: 5, y1: 10, x2: 50, y2: 50 });
  });

  it("never turns a box inside out", () => {
    const edge = startBoxDrag(box(0, 10, 10, 50, 40), [10, 25], 4);
    expect(draggedBox(edge, [90, 25])).toEqual({ x1: 48, y1: 10, x2: 50, y2: 40 });
  });

  it("takes the selected box first, then the smallest under the pointer", () => {
    const boxes = [box(0, 0, 0, 100, 100), box(1, 20, 20, 40, 40)];
    const none = new Set<number>();
    expect(boxFor(boxes, [30, 30], 4, none)?.row).toBe(1);
    // An edge reaches out only where no box lies under the pointer.
    expect(boxFor(boxes, [43, 30], 4, none)?.row).toBe(0);
    expect(boxFor(boxes, [43, 30], 4, new Set([1]))?.row).toBe(1);
    expect(boxFor(boxes, [30, 30], 4, new Set([0]))?.row).toBe(0);
    expect(boxFor(boxes, [103, 60], 4, none)?.row).toBe(0);
    expect(boxFor(boxes, [140, 60], 4, none)).toBeUndefined();
  });

  it("leaves room to move a small box", () => {
    const small = startBoxDrag(box(0, 10, 10, 18, 18), [14, 14], 4);
    expect(draggedBox(small, [24, 14])).toEqual({ x1: 20, y1: 10, x2: 28, y2: 18 });
  });

  it("drops the second press of a double click", () => {
    expect(
      withoutDuplicates([
        [0, 0],
        [10, 0],
        [10, 0.5],
      ]),
    ).toEqual([
      [0, 0],
      [10, 0],
    ]);
  });
});
