/** Mouse, pen and touch on the ruler: the playhead, in and out, and markers. */

import { t } from "../i18n";
import { frameAt, frameTime, lastFrame, onFrame, timecode } from "../time";
import type { Commands } from "../ui/commands";
import { openMenu } from "../ui/menu";
import type { Actions } from "./actions";
import { AutoScroll } from "./autoScroll";
import { CLOCKS_PX, RULER_PX, toSeconds } from "./geometry";
import type { MarkerEdits } from "./markerEdits";
import { type RulerHit, rulerHit } from "./rulerHit";
import { rulerChoices } from "./rulerMenu";
import { snapTo } from "./snap";

const SNAP_PX = 9;
const DRAG_THRESHOLD_PX = 3;
const CURSORS: Readonly<Record<RulerHit["zone"], string>> = {
  scrub: "col-resize",
  in: "ew-resize",
  out: "ew-resize",
  range: "grab",
  marker: "pointer",
  markerEnd: "ew-resize",
};

/** Listen to the pointer over the ruler, before others do; returns what stops it. */
export function attachRuler(
  canvas: HTMLCanvasElement,
  actions: Actions,
  edits: MarkerEdits,
  commands: Commands,
): () => void {
  const pointer = new RulerPointer(canvas, actions, edits, commands);
  const pairs: [string, (event: never) => boolean][] = [
    ["pointerdown", pointer.press],
    ["pointermove", pointer.move],
    ["pointerup", pointer.release],
    ["pointercancel", pointer.cancel],
    ["dblclick", pointer.doubleClick],
    ["contextmenu", pointer.openMenu],
  ];
  actions.channel.on("timeline", pointer.follow);
  const listeners = pairs.map(([name, take]) => {
    const listener = (event: Event) => {
      if (!take(event as never)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    canvas.addEventListener(name, listener);
    return [name, listener] as const;
  });
  return () => {
    pointer.cancel();
    for (const [name, listener] of listeners)
      canvas.removeEventListener(name, listener);
  };
}

interface Press {
  readonly hit: RulerHit;
  readonly fromS: number;
  readonly fromX: number;
  readonly startS: number;
  readonly endS: number;
  isDragged: boolean;
}

class RulerPointer {
  #press: Press | undefined;
  #scroll: AutoScroll;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly actions: Actions,
    readonly edits: MarkerEdits,
    readonly commands: Commands,
  ) {
    this.#scroll = new AutoScroll(actions.state, actions.redraw);
  }

  press = (event: PointerEvent): boolean => {
    const point = this.#point(event);
    if (point.y >= RULER_PX || event.button !== 0) return false;
    const { state, playhead } = this.actions;
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture?.(event.pointerId);
    const found = this.#hit(point);
    const marker = state.timeline.markers[found.marker];
    const { inS = 0, outS = state.timeline.durationS } = playhead.range;
    const startS = marker?.startS ?? inS;
    const fromS = toSeconds(state.scale, point.x);
    this.#press = {
      hit: found,
      fromS,
      fromX: point.x,
      startS,
      endS: marker ? startS + marker.durationS : outS,
      isDragged: false,
    };
    state.holdsView = true;
    state.marker = found.marker;
    if (found.zone === "scrub") this.#scrub(fromS, event);
    this.actions.redraw();
    return true;
  };

  move = (event: PointerEvent): boolean => {
    const point = this.#point(event);
    const press = this.#press;
    if (!press) return this.#hover(point, event);
    press.isDragged ||= Math.abs(point.x - press.fromX) > DRAG_THRESHOLD_PX;
    this.#drag(press, event);
    this.#scroll.during(point, () => this.#drag(press, event), { rows: false });
    return true;
  };

  /** The markers are others: without the one that is pressed, the press is over. */
  follow = (): void => {
    const press = this.#press;
    if (press && press.hit.marker >= 0 && this.actions.state.marker < 0) this.#end();
  };

  release = (): boolean => {
    const press = this.#press;
    if (!press) return false;
    this.#end();
    const { state, playhead } = this.actions;
    const moved = state.markerDrag;
    if (moved) {
      void this.edits.move(moved).finally(() => {
        const now = state.markerDrag;
        // The state may have given it another place.
        const isSame =
          now?.startS === moved.startS && now.durationS === moved.durationS;
        if (isSame) state.markerDrag = undefined;
        this.actions.redraw();
      });
    } else if (press.hit.marker >= 0 && !press.isDragged) {
      playhead.move(press.startS);
    }
    this.actions.redraw();
    return true;
  };

  cancel = (): boolean => {
    if (!this.#press) return false;
    this.#end();
    this.actions.state.markerDrag = undefined;
    this.actions.redraw();
    return true;
  };

  /** Edit a marker, or add one in the markers' lane. */
  doubleClick = (event: MouseEvent): boolean => {
    const point = this.#point(event);
    if (point.y >= RULER_PX) return false;
    const { marker } = this.#hit(point);
    if (marker >= 0) this.edits.open(marker);
    else if (point.y >= CLOCKS_PX) {
      const { scale, timeline } = this.actions.state;
      void this.edits.add(onFrame(toSeconds(scale, point.x), timeline.rate));
    }
    return true;
  };

  openMenu = (event: MouseEvent): boolean => {
    const point = this.#point(event);
    if (point.y >= RULER_PX) return false;
    const { marker } = this.#hit(point);
    this.actions.state.marker = marker;
    this.actions.redraw();
    openMenu(this.canvas, point, rulerChoices(marker, this.edits, this.commands));
    return true;
  };

  #end(): void {
    this.#press = undefined;
    this.#scroll.stop();
    this.actions.state.holdsView = false;
  }

  #drag(press: Press, event: PointerEvent): void {
    const { state } = this.actions;
    const seconds = toSeconds(state.scale, this.#point(event).x);
    if (press.hit.zone === "scrub") this.#scrub(seconds, event);
    else if (press.isDragged) this.#moveZone(press, seconds, event);
    this.actions.redraw();
  }

  #moveZone(press: Press, seconds: number, event: PointerEvent): void {
    const { state, playhead } = this.actions;
    const { zone } = press.hit;
    const by = seconds - press.fromS;
    const start = Math.max(0, this.#snapped(press.startS + by, event));
    const end = this.#snapped(press.endS + by, event);
    const length = press.endS - press.startS;
    const frame = frameTime(1, state.timeline.rate);
    if (zone === "in") {
      playhead.setRange({
        ...playhead.range,
        inS: Math.min(start, press.endS - frame),
      });
    } else if (zone === "out") {
      playhead.setRange({
        ...playhead.range,
        outS: Math.max(end, press.startS + frame),
      });
    } else if (zone === "range") {
      playhead.setRange({ inS: start, outS: start + length });
    } else {
      const durationS = zone === "markerEnd" ? Math.max(0, end - press.startS) : length;
      const startS = zone === "markerEnd" ? press.startS : start;
      // The state follows it when others come or go.
      state.markerDrag = { marker: state.marker, startS, durationS };
    }
  }

  /** The frame at a time, or an edge nearby; Alt turns snapping off. */
  #snapped(seconds: number, event: PointerEvent): number {
    const { state, playhead } = this.actions;
    const { rate } = state.timeline;
    if (!state.snaps || event.altKey) return onFrame(seconds, rate);
    const reach = SNAP_PX / state.scale.pxPerS;
    const others = { ...state.timeline, markers: [] };
    const edge = snapTo(others, seconds, reach, [0, playhead.seconds], new Set());
    return edge ?? onFrame(seconds, rate);
  }

  /** Move the playhead; Shift snaps it to cuts and markers. */
  #scrub(seconds: number, event: PointerEvent): void {
    const { state, playhead } = this.actions;
    const { rate, durationS } = state.timeline;
    const reach = SNAP_PX / state.scale.pxPerS;
    const edge = event.shiftKey
      ? snapTo(state.timeline, seconds, reach, [0], new Set())
      : undefined;
    const last = lastFrame(durationS, rate);
    const frame = Math.min(last, Math.max(0, frameAt(edge ?? seconds, rate)));
    playhead.move(frameTime(frame, rate));
  }

  #hover(point: { x: number; y: number }, event: PointerEvent): boolean {
    if (point.y >= RULER_PX || event.buttons) return false;
    const { state } = this.actions;
    const found = this.#hit(point);
    this.canvas.style.cursor = CURSORS[found.zone];
    this.canvas.title = this.#title(found);
    if (state.hover || state.bladeS !== undefined) {
      state.hover = "";
      state.bladeS = undefined;
      this.actions.redraw();
    }
    return true;
  }

  #title({ zone, marker }: RulerHit): string {
    const { timeline } = this.actions.state;
    const own = timeline.markers[marker];
    if (own) {
      const clock = timecode(own.startS, timeline.rate);
      return [`${own.name} · ${clock}`, own.note].filter(Boolean).join("\n");
    }
    if (zone === "in") return t("In point: drag to move");
    if (zone === "out") return t("Out point: drag to move");
    return zone === "range" ? t("In to out: drag to move both") : "";
  }

  #point(event: MouseEvent): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #hit({ x, y }: { x: number; y: number }): RulerHit {
    const { state, playhead } = this.actions;
    return rulerHit(state.timeline.markers, playhead.range, state.scale, x, y);
  }
}
