/** Mouse, pen and touch on the timeline's clips. */

import { isGone } from "../channel";
import { onFrame } from "../time";
import type { Commands } from "../ui/commands";
import { contextMenu, type MenuGroups } from "../ui/menu";
import type { Actions } from "./actions";
import { AutoScroll } from "./autoScroll";
import { choicesAt } from "./contextMenu";
import { cursorOf } from "./cursors";
import { keysOf, parameterOf, valueAt } from "./curves";
import { updateDrag } from "./drag";
import { type Drag, type DragContext, startDrag } from "./dragState";
import { Drops } from "./drop";
import { hitIn } from "./followDrag";
import { pan, RULER_PX, toPx, toSeconds } from "./geometry";
import { type Hit, hit } from "./hit";
import { keyChoices } from "./keyMenu";
import { marqueeOf } from "./marquee";
import { linkedTo, placeOf, type Timeline } from "./model";
import { Planner } from "./planner";
import type { SubtitleEdits } from "./subtitles";
import { DragTip } from "./tip";
import { Transitions } from "./transitions";

const WHEEL_ZOOM = 0.0022;
const DRAG_THRESHOLD_PX = 3;
const BLADE_SNAP_PX = 8;

/** Listen to the pointer on a canvas; returns what stops it. */
export function attachPointer(
  canvas: HTMLCanvasElement,
  actions: Actions,
  commands: Commands,
  subtitles: SubtitleEdits,
): () => void {
  const tip = new DragTip(canvas, actions.channel);
  const controller = new PointerController(canvas, actions, commands, tip, subtitles);
  const drops = new Drops(canvas, actions, tip);
  const pairs: [string, (event: never) => void][] = [
    ["pointerdown", controller.onPointerDown],
    ["pointermove", controller.onPointerMove],
    ["pointerup", controller.onPointerUp],
    ["pointercancel", controller.cancel],
    ["pointerleave", controller.onPointerLeave],
    ["dblclick", controller.onDoubleClick],
    ["wheel", controller.onWheel],
    ["dragover", drops.onDragOver],
    ["dragleave", drops.onDragLeave],
    ["drop", drops.onDrop],
  ];
  for (const [name, listener] of pairs) {
    canvas.addEventListener(name, listener as EventListener, { passive: false });
  }
  actions.channel.on("timeline", controller.onTimeline);
  const detachMenu = contextMenu(canvas, controller.choicesAt);
  return () => {
    detachMenu();
    controller.cancel();
    tip.hide();
    for (const [name, listener] of pairs) {
      canvas.removeEventListener(name, listener as EventListener);
    }
  };
}

type Gesture = "idle" | "marquee" | "press" | "drag";
type Point = { readonly x: number; readonly y: number };

class PointerController {
  readonly #planner: Planner;
  readonly #transitions: Transitions;
  readonly #autoScroll: AutoScroll;
  #gesture: Gesture = "idle";
  #from: Point = { x: 0, y: 0 };
  #page: Point = { x: 0, y: 0 };
  #hit: Hit | undefined;
  /** The timeline in which the hit counts items. */
  #hitTimeline: Timeline;
  #presses = 0;
  /** Whether Alt was held as the pointer was pressed: it takes one clip alone. */
  #isAlone = false;
  #previousSelection: readonly string[] = [];

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly actions: Actions,
    readonly commands: Commands,
    readonly tip: DragTip,
    readonly subtitles: SubtitleEdits,
  ) {
    this.#hitTimeline = actions.state.timeline;
    this.#planner = new Planner(actions.channel);
    this.#transitions = new Transitions(canvas, actions);
    this.#autoScroll = new AutoScroll(actions.state, actions.redraw);
  }

  onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture?.(event.pointerId);
    const { state } = this.actions;
    const point = this.#point(event);
    const found = this.#hitAt(point);
    this.#from = point;
    this.#hit = found;
    this.#hitTimeline = state.timeline;
    this.#isAlone = event.altKey;
    this.#previousSelection =
      event.shiftKey || event.ctrlKey || event.metaKey ? state.selection : [];
    if (this.#editKeys(found, event)) return;
    const id = this.#id(found);
    if (state.tool === "blade" && found.zone !== "empty") {
      void this.actions.splitAt(
        event.shiftKey ? "" : id,
        this.#bladeS(found.seconds, event),
        this.#isAlone || !state.linkedSelection,
      );
      return;
    }
    if (!id) {
      this.#gesture = "marquee";
      state.select(this.#previousSelection);
      this.actions.redraw();
      return;
    }
    this.#gesture = "press";
    state.holdsView = true;
    this.#select(id);
    this.canvas.style.cursor = cursorOf(state.tool, found.zone, true);
  };

  onPointerMove = (event: PointerEvent): void => {
    const point = this.#point(event);
    this.#page = { x: event.clientX, y: event.clientY };
    if (this.#gesture === "idle") {
      this.#updateHover(point, event);
      return;
    }
    const movedPx = Math.hypot(point.x - this.#from.x, point.y - this.#from.y);
    if (this.#gesture === "press" && movedPx > DRAG_THRESHOLD_PX) this.#startDrag();
    if (this.#gesture === "press") return;
    const again = () => {
      if (this.#gesture === "marquee") this.#updateMarquee(point);
      if (this.#gesture === "drag") this.#drag(point, event);
    };
    again();
    this.#autoScroll.during(point, again);
  };

  onPointerUp = (): void => {
    const { state } = this.actions;
    const drag = state.drag;
    const wasClick = this.#gesture === "press";
    this.#rest();
    state.marquee = undefined;
    const found = this.#pressed();
    if (wasClick && found && !this.#previousSelection.length) {
      const id = this.#id(found);
      if (id && !this.#isAlone) state.select(this.#withLinked(id));
      this.#goToMark(found);
    }
    if (drag?.request) {
      // The ghosts stay until the kernel has answered, so that the clip does not jump.
      void this.actions.request(drag.request, isGone).then(() => {
        if (state.drag?.press === drag.press) state.drag = undefined;
        this.actions.redraw();
      });
    } else {
      state.drag = undefined;
    }
    this.actions.redraw();
  };

  /** Cancel what is being dragged; returns whether there was anything. */
  cancel = (): boolean => {
    const { state } = this.actions;
    const busy = this.#gesture !== "idle";
    this.#rest();
    state.drag = undefined;
    state.marquee = undefined;
    this.actions.redraw();
    return busy;
  };

  /** The timeline is another one: without what is dragged, the drag is over. */
  onTimeline = (): void => {
    const { state } = this.actions;
    const isGone = this.#gesture === "drag" ? !state.drag : !this.#pressed();
    if (this.#gesture !== "idle" && this.#gesture !== "marquee" && isGone) this.#rest();
  };

  onPointerLeave = (): void => {
    const { state } = this.actions;
    if (this.#gesture !== "idle" || (!state.hover && state.bladeS === undefined))
      return;
    state.hover = "";
    state.bladeS = undefined;
    this.actions.redraw();
  };

  /** Open the length of a transition, the timeline of a clip, or the text of a line. */
  onDoubleClick = (event: MouseEvent): void => {
    const found = this.#hitAt(this.#point(event));
    const isOnClip = !/^(transition|key|empty)/.test(found.zone);
    const nested = isOnClip && this.actions.nestedIn([this.#id(found)]);
    if (nested) {
      event.preventDefault();
      void this.actions.openNested(nested);
      return;
    }
    if (this.#writes(found)) event.preventDefault();
    if (!found.zone.startsWith("transition")) return;
    event.preventDefault();
    this.#transitions.openLength(found);
  };

  /** Edit the line of subtitles that was hit, or add one; returns whether. */
  #writes({ row, item, seconds }: Hit): boolean {
    const { timeline, tool } = this.actions.state;
    const track = timeline.tracks[row];
    if (track?.type !== "subtitle" || track.locked || tool !== "select") return false;
    const id = track.ids[item] ?? "";
    if (id) this.subtitles.write(id, track.start(item));
    else void this.subtitles.add(onFrame(seconds, timeline.rate), track.name);
    return true;
  }

  onWheel = (event: WheelEvent): void => {
    const { state } = this.actions;
    const { x } = this.#point(event);
    if (event.ctrlKey || event.metaKey || event.altKey) {
      event.preventDefault();
      this.actions.zoom(Math.exp(-event.deltaY * WHEEL_ZOOM), x);
      return;
    }
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (sideways) {
      event.preventDefault();
      state.setScale(pan(state.scale, sideways, state.timeline.durationS, state.width));
    } else {
      const before = state.scrollPx;
      state.scroll(event.deltaY, state.height - RULER_PX);
      // At the first and last row, the wheel scrolls the page.
      if (state.scrollPx !== before) event.preventDefault();
    }
    this.actions.redraw();
  };

  /** The menu of what is under the pointer, or of what is selected. */
  choicesAt = (event: MouseEvent | KeyboardEvent): MenuGroups => {
    const { state } = this.actions;
    const found =
      event instanceof MouseEvent ? this.#hitAt(this.#point(event)) : this.#selected();
    if (found.zone.startsWith("transition")) return this.#transitions.choices(found);
    if (found.zone === "keyframe") return keyChoices(this.actions, found);
    const id = this.#id(found);
    if (id && !state.selection.includes(id)) state.select(this.#withLinked(id));
    this.actions.redraw();
    return choicesAt(found, this.actions, this.commands, this.canvas);
  };

  #selected(): Hit {
    const { state, playhead } = this.actions;
    const place = placeOf(state.timeline, state.selection[0] ?? "");
    const seconds = playhead.seconds;
    return place
      ? { ...place, zone: "body", seconds }
      : { row: -1, item: -1, zone: "empty", seconds };
  }

  /** What was pressed, as it lies now; undefined if it is gone. */
  #pressed(): Hit | undefined {
    return (
      this.#hit && hitIn(this.#hit, this.#hitTimeline, this.actions.state.timeline)
    );
  }

  #rest(): void {
    this.#gesture = "idle";
    this.actions.state.holdsView = false;
    this.#planner.cancel();
    this.#autoScroll.stop();
    this.tip.hide();
  }

  /** Go to the keyframes of a mark, which the inspector shows then. */
  #goToMark({ zone, row, item, key = 0 }: Hit): void {
    const { playhead, state } = this.actions;
    const atS = state.timeline.tracks[row]?.marks(item)[key];
    if (zone === "keyMark" && atS !== undefined) playhead.move(atS);
  }

  /** Add a keyframe with Control on a line, remove one with Alt; returns whether. */
  #editKeys(found: Hit, event: PointerEvent): boolean {
    const { timeline } = this.actions.state;
    const track = timeline.tracks[found.row];
    const parameter = track && parameterOf(track);
    if (!track || !parameter) return false;
    const item = track.ids[found.item] ?? "";
    const keys = keysOf(track.curve(found.item, parameter));
    if (found.zone === "keyframe" && event.altKey) {
      const atS = keys[found.key ?? 0]?.atS ?? 0;
      void this.actions.request({ kind: "removeKeyframe", item, parameter, atS });
      return true;
    }
    if (found.zone !== "curve" || !(event.ctrlKey || event.metaKey)) return false;
    const atS = onFrame(found.seconds, timeline.rate);
    const value = keys.length ? valueAt(keys, atS) : track.value(found.item, parameter);
    void this.actions.request({ kind: "setKeyframe", item, parameter, atS, value });
    return true;
  }

  #select(id: string): void {
    const { state } = this.actions;
    const alone = this.#isAlone;
    const group = alone ? [id] : this.#withLinked(id);
    if (this.#previousSelection.length) {
      const isIn = this.#previousSelection.includes(id);
      const rest = this.#previousSelection.filter((other) => !group.includes(other));
      state.select(isIn ? rest : [...rest, ...group], alone);
    } else if (alone || !state.selection.includes(id)) {
      state.select(group, alone);
    }
    this.actions.redraw();
  }

  /** An item and those linked to it, which are edited together. */
  #withLinked(id: string): string[] {
    const { timeline, linkedSelection } = this.actions.state;
    const place = linkedSelection ? placeOf(timeline, id) : undefined;
    return place ? [id, ...linkedTo(timeline, place)] : [id];
  }

  #startDrag(): void {
    const { state } = this.actions;
    const found = this.#pressed();
    if (!found) {
      this.#rest();
      return;
    }
    this.#gesture = "drag";
    const track = state.timeline.tracks[found.row];
    const parameter = track && parameterOf(track);
    // A line with keyframes is changed by them: the clip is moved.
    const isKeyed = !!parameter && !!track.curve(found.item, parameter);
    const zone = found.zone === "curve" && isKeyed ? "body" : found.zone;
    const hit = { ...found, zone };
    const drag = startDrag(hit, state.tool, state.selection, state.alone);
    this.#presses += 1;
    state.drag = { ...drag, press: this.#presses };
    this.canvas.style.cursor = cursorOf(state.tool, zone, true);
  }

  #drag(point: Point, event: PointerEvent): void {
    const { state } = this.actions;
    if (!state.drag) {
      // Escape has ended it.
      this.#rest();
      return;
    }
    const to = {
      seconds: toSeconds(state.scale, point.x),
      y: point.y - RULER_PX + state.scrollPx,
      // Alt turns snapping off.
      snaps: state.snaps && !event.altKey,
      onlySide: event.shiftKey,
    };
    const drag = updateDrag(state.drag, to, this.#context());
    state.drag = drag;
    this.#show(drag);
    this.#planner.ask(drag.request, (plan, problem) => {
      if (state.drag?.press !== drag.press || this.#gesture !== "drag") return;
      state.drag = { ...state.drag, plan: plan ?? state.drag.plan, problem };
      this.#show(state.drag);
      this.actions.redraw();
    });
    this.actions.redraw();
  }

  #show(drag: Drag): void {
    this.tip.show(drag, this.#page);
  }

  #context(): DragContext {
    const { state, playhead } = this.actions;
    const { timeline, scale, tops } = state;
    return { timeline, scale, tops, playheadS: playhead.seconds };
  }

  #updateMarquee(point: Point): void {
    const { state } = this.actions;
    const { rect, ids } = marqueeOf(state, this.#from, point);
    state.marquee = rect;
    state.select([...new Set([...this.#previousSelection, ...ids])]);
    this.actions.redraw();
  }

  #updateHover(point: Point, event: PointerEvent): void {
    const { state } = this.actions;
    const found = this.#hitAt(point);
    const hover = this.#id(found);
    const blade = state.tool === "blade" && found.zone !== "ruler";
    const bladeS = blade ? this.#bladeS(found.seconds, event) : undefined;
    this.canvas.title = state.timeline.tracks[found.row]?.names[found.item] ?? "";
    this.canvas.style.cursor = cursorOf(state.tool, found.zone, false);
    if (hover === state.hover && bladeS === state.bladeS) return;
    state.hover = hover;
    state.bladeS = bladeS;
    this.actions.redraw();
  }

  /** Where the blade cuts: at the playhead when near, else on a frame. */
  #bladeS(seconds: number, event: PointerEvent): number {
    const { state, playhead } = this.actions;
    const near = Math.abs(
      toPx(state.scale, playhead.seconds) - toPx(state.scale, seconds),
    );
    if (state.snaps && !event.altKey && near < BLADE_SNAP_PX) return playhead.seconds;
    return onFrame(seconds, state.timeline.rate);
  }

  #point(event: MouseEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #hitAt({ x, y }: Point): Hit {
    const { timeline, scale, tops, scrollPx, tool, selection } = this.actions.state;
    const open = new Set(selection);
    return hit(timeline, scale, tops, scrollPx, x, y, { tool, open });
  }

  /** The clip at a hit: under a transition, the one it leads to. */
  #id(found: Hit): string {
    const track = this.actions.state.timeline.tracks[found.row];
    const item = found.zone.startsWith("transition") ? found.item + 1 : found.item;
    return item >= 0 ? (track?.ids[item] ?? "") : "";
  }
}
