/** Presses, drags and keys on the picture. */

import { cursorOf } from "./cursors";
import { dragTo, startDrag } from "./drag";
import { bounds, contains, distance, layerAt, type Point } from "./geometry";
import { GuideDrag } from "./guideDrag";
import { type Handle, handleAt, modeOf } from "./handles";
import { snapLines } from "./snap";
import type { Stage } from "./stage";

// A press that moves less than this is a click.
const CLICK_PX = 3;
const SNAP_PX = 7;
const LARGE_STEP_PX = 10;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Press {
  readonly at: Point;
  readonly handle: Handle | undefined;
  /** What is dragged by it. */
  readonly item: string | undefined;
  /** Whether a click selects the topmost layer there: the press took the selected. */
  readonly selectsOnClick: boolean;
  moved: boolean;
}

export function attachPointer(stage: Stage): void {
  const { element } = stage;
  let press: Press | undefined;
  const guides = new GuideDrag(stage);
  // Of the page: where a press is on the screen.
  const placeOf = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const onPicture = ([x, y]: Point): Point => [x / stage.scale, y / stage.scale];
  const lines = () => {
    const others = stage.scene.layers.filter(
      ({ item }) => item !== stage.selected?.item,
    );
    const [width, height] = stage.scene.size;
    return snapLines(
      width,
      height,
      others.map(({ corners }) => bounds(corners)),
      stage.ownGuides,
    );
  };
  const handleOf = (point: Point): Handle | undefined => {
    const layer = stage.selected;
    if (!layer) return undefined;
    const mode = modeOf(layer, stage.mode);
    return handleAt(layer, mode, point, 1 / stage.scale, stage.scene.size);
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    element.focus({ preventScroll: true });
    if (stage.editor.layer) {
      stage.editor.commit();
      return;
    }
    const at = placeOf(event);
    const point = onPicture(at);
    const handle = handleOf(point);
    if (!handle || handle.kind === "move") {
      if (guides.press(at)) {
        element.setPointerCapture?.(event.pointerId);
        return;
      }
    }
    const under = layerAt(stage.scene.layers, point);
    const takesSelected = handle !== undefined;
    if (!takesSelected) stage.select(under);
    // A text moves at the first press; a clip only once it has handles.
    const ownHandle = handle ?? (under && handleOf(point));
    press = {
      at,
      handle: ownHandle,
      item: stage.selected?.item,
      selectsOnClick: handle?.kind === "move",
      moved: false,
    };
    element.setPointerCapture?.(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const at = placeOf(event);
    const point = onPicture(at);
    if (guides.move(at)) return;
    if (!press) {
      hover(point);
      return;
    }
    const layer = stage.drag?.layer ?? stage.selected;
    // Another one is selected once what was pressed is gone.
    if (!press.handle || !layer || layer.item !== press.item) return;
    if (!press.moved && distance(at, press.at) < CLICK_PX) return;
    press.moved = true;
    const mode = modeOf(layer, stage.mode);
    const drag =
      stage.drag ?? startDrag(layer, mode, press.handle, onPicture(press.at));
    const modifiers = {
      shift: event.shiftKey,
      alt: event.altKey,
      ctrl: event.ctrlKey || event.metaKey || !stage.snaps,
    };
    stage.preview(dragTo(drag, point, modifiers, lines(), SNAP_PX / stage.scale), at);
  };
  const hover = (point: Point) => {
    const layer = stage.selected;
    const handle = handleOf(point);
    const mode = layer ? modeOf(layer, stage.mode) : "none";
    const under = layerAt(stage.scene.layers, point);
    const before = stage.hover;
    stage.hover = handle ? undefined : under;
    const own = layer && handle && cursorOf(layer, mode, handle, layer.type !== "clip");
    const isCorner = handle && handle.kind !== "move";
    const cursor = isCorner ? own : (guides.cursorAt(point) ?? own);
    element.style.cursor = cursor ?? "default";
    if (before !== stage.hover) stage.draw();
  };
  const onPointerUp = (event: PointerEvent) => {
    if (guides.release()) return;
    const ended = press;
    press = undefined;
    if (!ended) return;
    if (ended.moved) stage.drop(true);
    else if (ended.selectsOnClick) {
      const point = onPicture(placeOf(event));
      const under = layerAt(stage.scene.layers, point);
      if (under && under.item !== stage.selected?.item) stage.select(under);
    }
  };
  const cancel = () => {
    if (guides.cancel()) return true;
    if (!press && !stage.drag) return false;
    press = undefined;
    stage.drop(false);
    return true;
  };
  const onDoubleClick = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const point = onPicture(placeOf(event));
    const text = [...stage.scene.layers]
      .reverse()
      .find((layer) => layer.text && contains(layer.corners, point));
    if (text) {
      stage.select(text);
      stage.editor.open(text);
    } else if (layerAt(stage.scene.layers, point)) {
      stage.mode = stage.mode === "none" ? "transform" : "none";
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== element || !takesKey(stage, event, cancel)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPointerLeave = () => {
    stage.hover = undefined;
    stage.draw();
  };
  element.addEventListener("pointerdown", onPointerDown);
  element.addEventListener("pointermove", onPointerMove);
  element.addEventListener("pointerup", onPointerUp);
  element.addEventListener("pointercancel", () => cancel());
  element.addEventListener("pointerleave", onPointerLeave);
  element.addEventListener("dblclick", onDoubleClick);
  element.addEventListener("keydown", onKeyDown);
}

/** Whether a key does something to the selected layer, where the picture has the focus. */
function takesKey(stage: Stage, event: KeyboardEvent, cancel: () => boolean): boolean {
  const { key } = event;
  if (key === "Escape") {
    if (cancel()) return true;
    if (stage.mode === "none") return false;
    stage.mode = "none";
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (key === "Tab") return stage.selectNext(event.shiftKey ? -1 : 1);
  const layer = stage.selected;
  if (!layer || modeOf(layer, stage.mode) === "none") return false;
  const arrow = ARROWS[key];
  if (arrow && modeOf(layer, stage.mode) === "transform") {
    const step = event.shiftKey ? LARGE_STEP_PX : 1;
    stage.nudge(arrow[0] * step, arrow[1] * step);
    return true;
  }
  if (key === "Enter" && layer.text) {
    stage.editor.open(layer);
    return true;
  }
  return false;
}
