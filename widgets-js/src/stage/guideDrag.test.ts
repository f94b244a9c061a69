import { beforeEach, describe, expect, it, vi } from "vitest";
import { GuideDrag } from "./guideDrag";
import type { Lines } from "./snap";
import type { Stage } from "./stage";

// A page pixel is one of the picture; guides stand at x of 100 and 200.
describe("a guide that is dragged while others change", () => {
  let stage: Stage;
  let kept: Lines[];
  let drag: GuideDrag;

  beforeEach(() => {
    kept = [];
    const made = {
      showsRulers: true,
      ownGuides: { x: [100, 200], y: [] } as Lines,
      scale: 1,
      scene: { size: [640, 360] },
      guideDrag: undefined,
      tell: vi.fn(),
      keepGuides: () => kept.push(made.ownGuides),
    };
    stage = made as unknown as Stage;
    drag = new GuideDrag(stage);
    expect(drag.press([200, 50])).toBe(true);
    drag.move([230, 50]);
  });

  it("goes on among them, and theirs are kept", () => {
    stage.guideDrag?.follow({ x: [50, 100, 200], y: [70] });
    expect(stage.ownGuides).toEqual({ x: [50, 100, 230], y: [70] });
    drag.move([240, 50]);
    drag.release();
    expect(kept).toEqual([{ x: [50, 100, 240], y: [70] }]);
  });

  it("is not brought back when it was removed", () => {
    stage.guideDrag?.follow({ x: [100], y: [] });
    expect(stage.ownGuides).toEqual({ x: [100], y: [] });
    expect(drag.move([240, 50])).toBe(false);
    expect(drag.release()).toBe(false);
    expect(kept).toEqual([]);
  });

  it("that comes out of a ruler is one more", () => {
    drag.cancel();
    drag.press([300, 5]);
    drag.move([300, 90]);
    stage.guideDrag?.follow({ x: [100], y: [40] });
    expect(stage.ownGuides).toEqual({ x: [100], y: [40, 90] });
    drag.release();
    expect(kept).toEqual([{ x: [100], y: [40, 90] }]);
  });
});
