/** Mouse, pen and touch on the timeline. */

import { frameAt, frameTime, lastFrame, onFrame } from "../time";
import type { Commands } from "../ui/commands";
import { contextMenu, type MenuGroups } from "../ui/menu";
import type { Actions } from "./actions";
import { type DragContext, startDrag, updateDrag } from "./drag";
import { type Hit, hit, pan, RULER_PX, toPx, toSeconds } from "./geometry";
import { placeOf, TRANSITION } from "./model";
import { snapTo } from "./snap";

/** The type of a media item of the bin while it is dragged. */
export const MEDIA = "application/x-timeline-nb-media";

const WHEEL_ZOOM = 0.0022;
const DRAG_THRESHOLD_PX = 3;
const DROP_SNAP_PX = 9;

const CURSORS: Readonly<Record<string, string>> = {
  head: "w-resize",
  tail: "e-resize",
  body: "grab",
  transition: "grab",
  ruler: "col-resize",
  empty: "default",
};

/** Listen to the pointer on a canvas; returns what stops it. */
export function attachPointer(
  canvas: HTMLCanvasElement,
  actions: Actions,
  commands: Commands,
): () => void {
  const controller = new PointerController(canvas, actions, commands);
  const pairs: [string, (event: never) => void][] = [
    ["pointerdown", controller.onPointerDown],
    ["pointermove", controller.onPointerMove],
    ["pointerup", controller.onPointerUp],
    ["pointercancel", controller.cancel],
    ["pointerleave", controller.onPointerLeave],
    ["wheel", controller.onWheel],
    ["dragover", controller.onDragOver],
    ["dragleave", controller.onPointerLeave],
    ["drop", controller.onDrop],
  ];
  for (const [name, listener] of pairs) {
    canvas.addEventListener(name, listener as EventListener, { passive: false });
  }
  const detachMenu = contextMenu(canvas, controller.choicesAt);
  return () => {
    detachMenu();
    for (const [name, listener] of pairs) {
      canvas.removeEventListener(name, listener as EventListener);
    }
  };
}

type Gesture = "idle" | "scrub" | "marquee" | "press" | "drag";

class PointerController {
  #gesture: Gesture = "idle";
  #from = { x: 0, y: 0 };
  #hit: Hit | undefined;
  #previousSelection: readonly string[] = [];

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly actions: Actions,
    readonly commands: Commands,
  ) {}

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
    this.#previousSelection =
      event.shiftKey || event.ctrlKey || event.metaKey ? state.selection : [];
    if (found.zone === "ruler") {
      this.#gesture = "scrub";
      this.#scrub(found.seconds);
      return;
    }
    const id = this.#id(found);
    if (state.tool === "blade" && found.zone !== "empty") {
      void this.actions.splitAt(
        event.shiftKey ? "" : id,
        this.#bladeS(found.seconds, event),
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
    this.#select(id, event);
  };

  onPointerMove = (event: PointerEvent): void => {
    const point = this.#point(event);
    if (this.#gesture === "idle") {
      this.#updateHover(point, event);
      return;
    }
    if (this.#gesture === "scrub") {
      this.#scrub(toSeconds(this.actions.state.scale, point.x));
      return;
    }
    if (this.#gesture === "marquee") {
      this.#updateMarquee(point);
      return;
    }
    const movedPx = Math.hypot(point.x - this.#from.x, point.y - this.#from.y);
    if (this.#gesture === "press" && movedPx > DRAG_THRESHOLD_PX) this.#startDrag();
    if (this.#gesture === "drag") this.#drag(point, event);
  };

  onPointerUp = (): void => {
    const { state } = this.actions;
    const drag = state.drag;
    const wasClick = this.#gesture === "press";
    this.#gesture = "idle";
    state.marquee = undefined;
    if (wasClick && this.#hit && !this.#previousSelection.length) {
      const id = this.#id(this.#hit);
      if (id && state.selection.length > 1) state.select(this.#withLinked(id));
    }
    if (drag?.request) {
      // The ghosts stay until the kernel has answered, so that the clip does not jump.
      void this.actions.request(drag.request).then(() => {
        if (state.drag === drag) state.drag = undefined;
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
    this.#gesture = "idle";
    state.drag = undefined;
    state.marquee = undefined;
    this.actions.redraw();
    return busy;
  };

  onPointerLeave = (): void => {
    const { state } = this.actions;
    if (this.#gesture !== "idle" || (!state.hover && state.bladeS === undefined))
      return;
    state.hover = "";
    state.bladeS = undefined;
    this.actions.redraw();
  };

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
    const id = this.#id(found);
    if (id && !state.selection.includes(id)) state.select(this.#withLinked(id));
    this.actions.redraw();
    return this.actions.choices(found, this.commands);
  };

  #selected(): Hit {
    const { state, playhead } = this.actions;
    const place = placeOf(state.timeline, state.selection[0] ?? "");
    const seconds = playhead.seconds;
    return place
      ? { ...place, zone: "body", seconds }
      : { row: -1, item: -1, zone: "empty", seconds };
  }

  /** Show where a media item of the bin would be placed. */
  onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes(MEDIA)) return;
    event.preventDefault();
    this.actions.state.bladeS = this.#dropS(event);
    this.actions.redraw();
  };

  /** Place a media item of the bin: over what is there, or with Shift between. */
  onDrop = (event: DragEvent): void => {
    const path = event.dataTransfer?.getData(MEDIA);
    const { state } = this.actions;
    state.bladeS = undefined;
    if (!path) return;
    event.preventDefault();
    const track = state.timeline.tracks[this.#hitAt(this.#point(event)).row];
    const mode = event.shiftKey ? "insert" : "overwrite";
    const onVideo = track?.type === "video" ? { track: track.name } : {};
    const atS = this.#dropS(event);
    void this.actions.request({ kind: "placeMedia", path, mode, atS, ...onVideo });
  };

  #dropS(event: DragEvent): number {
    const { state, playhead } = this.actions;
    const seconds = Math.max(0, toSeconds(state.scale, this.#point(event).x));
    const reach = DROP_SNAP_PX / state.scale.pxPerS;
    const extra = [0, playhead.seconds];
    const snap = state.snaps && !event.altKey;
    const edge = snap && snapTo(state.timeline, seconds, reach, extra, new Set());
    if (typeof edge === "number") return edge;
    const { rate } = state.timeline;
    return onFrame(seconds, rate);
  }

  #select(id: string, event: PointerEvent): void {
    const { state } = this.actions;
    const group = event.altKey ? [id] : this.#withLinked(id);
    if (this.#previousSelection.length) {
      const isIn = this.#previousSelection.includes(id);
      const rest = this.#previousSelection.filter((other) => !group.includes(other));
      state.select(isIn ? rest : [...rest, ...group]);
    } else if (!state.selection.includes(id)) {
      state.select(group);
    }
    this.actions.redraw();
  }

  /** An item and those linked to it that begin with it on other tracks. */
  #withLinked(id: string): string[] {
    const { timeline } = this.actions.state;
    const place = placeOf(timeline, id);
    const own = place && timeline.tracks[place.row];
    if (!place || !own?.linked(place.item)) return [id];
    const partners = timeline.tracks.flatMap((track) => {
      const item = track.itemAt(own.start(place.item) + 1e-6);
      const same =
        track !== own &&
        item >= 0 &&
        track.linked(item) &&
        track.media(item) === own.media(place.item) &&
        Math.abs(track.start(item) - own.start(place.item)) < 1e-6;
      return same ? [track.ids[item] ?? ""] : [];
    });
    return [id, ...partners];
  }

  #startDrag(): void {
    const { state } = this.actions;
    if (!this.#hit) return;
    this.#gesture = "drag";
    const zone = this.#hit.zone === "transition" ? "body" : this.#hit.zone;
    const item = this.#clipAt(this.#hit);
    state.drag = startDrag({ ...this.#hit, zone, item }, state.tool, state.selection);
  }

  #drag(point: { x: number; y: number }, event: PointerEvent): void {
    const { state } = this.actions;
    if (!state.drag) return;
    const to = {
      seconds: toSeconds(state.scale, point.x),
      y: point.y - RULER_PX + state.scrollPx,
      // Alt turns snapping off.
      snaps: state.snaps && !event.altKey,
    };
    state.drag = updateDrag(state.drag, to, this.#context());
    this.actions.redraw();
  }

  #context(): DragContext {
    const { state, playhead } = this.actions;
    const { timeline, scale, tops } = state;
    return { timeline, scale, tops, playheadS: playhead.seconds };
  }

  #updateMarquee(point: { x: number; y: number }): void {
    const { state } = this.actions;
    const left = Math.min(point.x, this.#from.x);
    const top = Math.min(point.y, this.#from.y);
    const right = Math.max(point.x, this.#from.x);
    const bottom = Math.max(point.y, this.#from.y);
    state.marquee = [left, top, right - left, bottom - top];
    const [first, last] = [toSeconds(state.scale, left), toSeconds(state.scale, right)];
    const found = new Set(this.#previousSelection);
    for (const [row, track] of state.timeline.tracks.entries()) {
      const y = RULER_PX - state.scrollPx;
      if ((state.tops[row] ?? 0) + y > bottom || (state.tops[row + 1] ?? 0) + y < top)
        continue;
      for (let item = track.firstAfter(first); item < track.count; item++) {
        if (track.start(item) >= last) break;
        if (track.kind(item) === TRANSITION || track.end(item) <= first) continue;
        found.add(track.ids[item] ?? "");
      }
    }
    state.select([...found]);
    this.actions.redraw();
  }

  #updateHover(point: { x: number; y: number }, event: PointerEvent): void {
    const { state } = this.actions;
    const found = this.#hitAt(point);
    const hover = this.#id(found);
    const blade = state.tool === "blade" && found.zone !== "ruler";
    const bladeS = blade ? this.#bladeS(found.seconds, event) : undefined;
    this.canvas.title = this.#title(found);
    this.canvas.style.cursor = blade ? "text" : (CURSORS[found.zone] ?? "default");
    if (hover === state.hover && bladeS === state.bladeS) return;
    state.hover = hover;
    state.bladeS = bladeS;
    this.actions.redraw();
  }

  /** The name of what is under the pointer. */
  #title(found: Hit): string {
    const { timeline } = this.actions.state;
    if (found.zone === "ruler") return this.actions.markerAt(found.seconds)?.name ?? "";
    return timeline.tracks[found.row]?.names[found.item] ?? "";
  }

  /** Where the blade cuts: at the playhead when near, else on a frame. */
  #bladeS(seconds: number, event: PointerEvent): number {
    const { state, playhead } = this.actions;
    const near = Math.abs(
      toPx(state.scale, playhead.seconds) - toPx(state.scale, seconds),
    );
    if (state.snaps && !event.altKey && near < 8) return playhead.seconds;
    const { rate } = state.timeline;
    return onFrame(seconds, rate);
  }

  #scrub(seconds: number): void {
    const { state, playhead } = this.actions;
    const { rate, durationS } = state.timeline;
    const last = lastFrame(durationS, rate);
    const frame = Math.min(last, Math.max(0, frameAt(seconds, rate)));
    playhead.move(frameTime(frame, rate));
  }

  #point(event: MouseEvent): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #hitAt({ x, y }: { x: number; y: number }): Hit {
    const { timeline, scale, tops, scrollPx } = this.actions.state;
    return hit(timeline, scale, tops, scrollPx, x, y);
  }

  /** The clip at a hit: under a transition, the one it leads to. */
  #clipAt(found: Hit): number {
    const track = this.actions.state.timeline.tracks[found.row];
    return found.zone === "transition" && track
      ? track.itemAt(found.seconds)
      : found.item;
  }

  #id(found: Hit): string {
    const track = this.actions.state.timeline.tracks[found.row];
    const item = this.#clipAt(found);
    return item >= 0 ? (track?.ids[item] ?? "") : "";
  }
}
