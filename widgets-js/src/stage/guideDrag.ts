/** Guides are pulled out of a ruler, moved, and pushed back. */

import type { Point } from "./geometry";
import {
  type GuidePlace,
  guideAt,
  RULER_CSS,
  rulerAt,
  withGuide,
  withoutGuide,
} from "./rulers";
import type { Lines } from "./snap";
import type { Stage } from "./stage";

const REACH_CSS = 4;

export class GuideDrag {
  #held: GuidePlace | undefined;
  #before: Lines = { x: [], y: [] };

  constructor(private readonly stage: Stage) {}

  /** Take hold of a guide at a place of the page; returns whether there is one. */
  press(at: Point): boolean {
    const { stage } = this;
    if (!stage.showsRulers) return false;
    this.#before = stage.ownGuides;
    const axis = rulerAt(at);
    if (axis) this.#held = { axis, number: stage.ownGuides[axis].length };
    else this.#held = this.#under([at[0] / stage.scale, at[1] / stage.scale]);
    stage.guideDrag = this.#held && this;
    return this.#held !== undefined;
  }

  move(at: Point): boolean {
    const held = this.#held;
    if (!held) return false;
    const side = held.axis === "x" ? at[0] : at[1];
    this.stage.ownGuides = withGuide(
      this.stage.ownGuides,
      held,
      side / this.stage.scale,
    );
    this.stage.tell(`${this.stage.ownGuides[held.axis][held.number]} px`, at);
    return true;
  }

  /** Others moved, added or removed guides: the one that is held stays, unless it went. */
  follow(guides: Lines): void {
    const held = this.#held;
    if (!held) return;
    const { axis, number } = held;
    const at = this.stage.ownGuides[axis][number];
    const was = this.#before[axis][number];
    const place = was === undefined ? guides[axis].length : guides[axis].indexOf(was);
    this.#before = guides;
    if (place < 0) this.cancel();
    else {
      this.#held = { axis, number: place };
      this.stage.ownGuides =
        at === undefined ? guides : withGuide(guides, this.#held, at);
    }
  }

  /** Let it lie; on a ruler, or beside the picture, it is taken away. */
  release(): boolean {
    const held = this.#held;
    if (!held) return false;
    const { stage } = this;
    this.#end();
    const place = stage.ownGuides[held.axis][held.number];
    const side = stage.scene.size[held.axis === "x" ? 0 : 1];
    const isGone =
      place !== undefined && (place * stage.scale < RULER_CSS || place > side);
    if (isGone) stage.ownGuides = withoutGuide(stage.ownGuides, held);
    if (JSON.stringify(stage.ownGuides) !== JSON.stringify(this.#before))
      stage.keepGuides();
    return true;
  }

  cancel(): boolean {
    if (!this.#held) return false;
    this.#end();
    this.stage.ownGuides = this.#before;
    return true;
  }

  #end(): void {
    this.#held = undefined;
    this.stage.guideDrag = undefined;
    this.stage.tell("", [0, 0]);
  }

  cursorAt(point: Point): string | undefined {
    const { stage } = this;
    if (!stage.showsRulers) return undefined;
    const onPage: Point = [point[0] * stage.scale, point[1] * stage.scale];
    const axis = rulerAt(onPage) ?? this.#under(point)?.axis;
    return axis && (axis === "x" ? "col-resize" : "row-resize");
  }

  #under(point: Point): GuidePlace | undefined {
    return guideAt(this.stage.ownGuides, point, REACH_CSS / this.stage.scale);
  }
}
