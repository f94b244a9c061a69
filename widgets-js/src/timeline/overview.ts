/** The strip below the tracks: the whole timeline, and a window that scrolls and zooms. */

import { t } from "../i18n";
import { fitCanvas, h } from "../ui/dom";
import type { Palette } from "../ui/theme";
import type { Actions } from "./actions";
import { markerCss } from "./markerColors";
import { type Timeline, TRANSITION, type Track } from "./model";
import { type ViewWindow, windowOf, zoomedTo } from "./overviewWindow";

export const OVERVIEW_PX = 22;
const HANDLE_PX = 8;
const COLORS: Readonly<Record<Track["type"], string>> = {
  video: "#3c74bd",
  audio: "#2b7f69",
  subtitle: "#6a4c9c",
};

export interface Overview {
  readonly element: HTMLElement;
  /** Show the timeline and what of it is in view. */
  update(palette: Palette, playheadS: number): void;
}

type Zone = "start" | "body" | "end";

export function makeOverview(actions: Actions, canvasId: string): Overview {
  const { state } = actions;
  const canvas = h("canvas", { class: "tnb-overview-canvas", "aria-hidden": "true" });
  const frame = h(
    "div",
    { class: "tnb-overview-window" },
    h("i", { "data-zone": "start" }),
    h("i", { "data-zone": "end" }),
  );
  const element = h(
    "div",
    {
      class: "tnb-overview",
      role: "scrollbar",
      dir: "ltr",
      "aria-label": t("Visible part of the timeline"),
      "aria-controls": canvasId,
      "aria-orientation": "horizontal",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      title: t("Drag to scroll, drag an end to zoom, double-click to fit"),
      "data-testid": "overview",
    },
    canvas,
    frame,
  );
  const rows = new RowsPicture();
  let drag: { zone: Zone; fromX: number; from: ViewWindow } | undefined;
  const widthPx = () => element.clientWidth || 1;
  const zoneAt = (x: number): Zone | undefined => {
    const { startPx, endPx } = windowOf(state, widthPx());
    if (Math.abs(x - startPx) <= HANDLE_PX && x < (startPx + endPx) / 2) return "start";
    if (Math.abs(x - endPx) <= HANDLE_PX) return "end";
    return x > startPx && x < endPx ? "body" : undefined;
  };
  const xOf = (event: PointerEvent) =>
    event.clientX - element.getBoundingClientRect().left;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.setPointerCapture?.(event.pointerId);
    const x = xOf(event);
    let zone = zoneAt(x);
    if (!zone) {
      // A press beside the window brings its middle there.
      const { startPx, endPx } = windowOf(state, widthPx());
      moveTo(x - (endPx - startPx) / 2);
      zone = "body";
    }
    drag = { zone, fromX: x, from: windowOf(state, widthPx()) };
  });
  element.addEventListener("pointermove", (event) => {
    const x = xOf(event);
    if (!drag) {
      const zone = zoneAt(x);
      element.style.cursor = zone === "body" ? "grab" : zone ? "ew-resize" : "pointer";
      return;
    }
    const by = x - drag.fromX;
    const { startPx, endPx } = drag.from;
    if (drag.zone === "body") moveTo(startPx + by);
    else {
      const isStart = drag.zone === "start";
      zoomTo(isStart ? startPx + by : startPx, isStart ? endPx : endPx + by);
    }
  });
  const end = () => {
    drag = undefined;
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  element.addEventListener("dblclick", actions.fit);

  const moveTo = (startPx: number) => {
    const { endPx, startPx: now, totalS } = windowOf(state, widthPx());
    const room = widthPx() - (endPx - now);
    const originS = (Math.min(room, Math.max(0, startPx)) / widthPx()) * totalS;
    state.setScale({ ...state.scale, originS });
    actions.redraw();
  };
  const zoomTo = (startPx: number, endPx: number) => {
    state.setScale(zoomedTo(state, widthPx(), startPx, endPx));
    actions.redraw();
  };
  const update = (palette: Palette, playheadS: number) => {
    const width = widthPx();
    const { startPx, endPx, totalS } = windowOf(state, width);
    frame.style.left = `${startPx}px`;
    frame.style.width = `${Math.max(2 * HANDLE_PX, endPx - startPx)}px`;
    const room = Math.max(1, width - (endPx - startPx));
    element.setAttribute("aria-valuenow", String(Math.round((startPx / room) * 100)));
    const context = fitCanvas(canvas, width, OVERVIEW_PX);
    if (!context) return;
    rows.show(state.timeline, width, totalS, () => update(palette, playheadS));
    context.clearRect(0, 0, width, OVERVIEW_PX);
    // Hidden on a page that is zoomed out, it is less than a pixel wide.
    if (rows.canvas.width) context.drawImage(rows.canvas, 0, 0, width, OVERVIEW_PX);
    const pxPerS = width / totalS;
    for (const marker of state.markers) {
      context.fillStyle = markerCss(marker.color);
      context.fillRect(marker.startS * pxPerS - 1, 0, 2, 4);
    }
    context.fillStyle = palette.playhead;
    context.fillRect(playheadS * pxPerS - 0.5, 0, 1.5, OVERVIEW_PX);
  };
  return { element, update };
}

/** The items of all tracks, drawn between frames: there may be many thousands. */
class RowsPicture {
  readonly canvas = h("canvas", {});
  #timer = 0;
  #shown: readonly unknown[] = [];

  /** Draw these soon, and call `drawn`, unless they are what is drawn already. */
  show(timeline: Timeline, width: number, totalS: number, drawn: () => void): void {
    window.clearTimeout(this.#timer);
    const wanted = [timeline.tracks, width, totalS, window.devicePixelRatio];
    if (wanted.every((value, place) => value === this.#shown[place])) return;
    this.#timer = window.setTimeout(() => {
      this.#shown = wanted;
      const context = fitCanvas(this.canvas, width, OVERVIEW_PX);
      if (context) drawRows(context, timeline.tracks, width, totalS);
      drawn();
    });
  }
}

function drawRows(
  context: CanvasRenderingContext2D,
  tracks: readonly Track[],
  width: number,
  totalS: number,
): void {
  context.clearRect(0, 0, width, OVERVIEW_PX);
  const rowPx = (OVERVIEW_PX - 4) / Math.max(1, tracks.length);
  const pxPerS = width / totalS;
  for (const [row, track] of tracks.entries()) {
    context.fillStyle = COLORS[track.type];
    context.beginPath();
    const top = 2 + row * rowPx;
    let drawnPx = -1;
    for (let item = 0; item < track.count; item++) {
      if (track.kind(item) === TRANSITION) continue;
      const left = track.start(item) * pxPerS;
      const right = track.end(item) * pxPerS;
      if (right < drawnPx) continue;
      drawnPx = Math.max(left + 1, right - 0.5);
      context.rect(left, top, drawnPx - left, Math.max(1, rowPx - 0.5));
    }
    context.fill();
  }
}
