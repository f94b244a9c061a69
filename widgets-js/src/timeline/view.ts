/** The timeline view: toolbar, track headers and canvas, in step with the edit. */

import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { timecode } from "../time";
import { fitCanvas, h } from "../ui/dom";
import { paletteOf, watchTheme } from "../ui/theme";
import { Actions } from "./actions";
import { addTimelineCommands } from "./commands";
import { draw } from "./draw";
import { pan, RULER_PX, toPx } from "./geometry";
import { makeHeaders } from "./headers";
import { mergeTimeline, placeOf } from "./model";
import { Pictures } from "./pictures";
import { attachPointer } from "./pointer";
import { State } from "./state";
import { makeToolbar } from "./toolbar";

const MIN_HEIGHT_PX = 150;
const MAX_HEIGHT_PX = 420;

export interface TimelineView {
  readonly element: HTMLElement;
  readonly actions: Actions;
  close(): void;
}

export function makeTimeline(
  { model, channel, playhead, notice, commands }: WidgetContext,
  extra: readonly HTMLElement[] = [],
): TimelineView {
  const state = new State(model);
  const canvas = h("canvas", {
    tabindex: "0",
    class: "tnb-tracks",
    role: "application",
    "aria-label": t("Timeline"),
    "aria-describedby": `tnb-help-${channel.view}`,
    "data-testid": "timeline",
  });
  const announcement = h("div", { class: "tnb-spoken", "aria-live": "polite" });
  const shortcutHelp = h(
    "div",
    { class: "tnb-spoken", id: `tnb-help-${channel.view}` },
    t("Arrows move the playhead, Enter selects, S splits, Escape leaves."),
  );
  const readout = h("div", { class: "tnb-readout", hidden: true });
  let frameRequest = 0;
  const redraw = () => {
    frameRequest ||= requestAnimationFrame(paint);
  };
  const pictures = new Pictures(channel, redraw);
  const actions = new Actions(channel, state, playhead, notice, redraw);
  addTimelineCommands(commands, actions);
  const headers = makeHeaders(actions);
  const toolbar = makeToolbar(commands, extra);
  const canvasHost = h("div", { class: "tnb-tracks-area" }, canvas, readout);
  const element = h(
    "section",
    { class: "tnb-timeline", "aria-label": t("Timeline") },
    toolbar.element,
    h("div", { class: "tnb-rows" }, headers.element, canvasHost),
    announcement,
    shortcutHelp,
  );

  function paint(): void {
    frameRequest = 0;
    const context = fitCanvas(canvas, state.width, state.height);
    commands.changed();
    headers.update();
    headers.scroll(state.scrollPx);
    readout.textContent = state.drag?.readout ?? "";
    readout.hidden = !state.drag?.readout;
    if (!context) return;
    const scene = {
      timeline: state.timeline,
      scale: state.scale,
      tops: state.tops,
      scrollPx: state.scrollPx,
      width: state.width,
      height: state.height,
      selection: new Set(state.selection),
      hover: state.hover,
      ghosts: state.drag?.ghosts ?? [],
      snapS: state.drag?.snapS,
      bladeS: state.bladeS,
      marquee: state.marquee,
      playheadS: playhead.seconds,
      solo: new Set(state.solo),
    };
    draw({ context, scene, pictures, palette: paletteOf(element) });
    canvas.dataset.duration = String(state.timeline.durationS);
    canvas.dataset.pxPerS = String(state.scale.pxPerS);
    canvas.dataset.originS = String(state.scale.originS);
  }

  const resize = () => {
    const rows = (state.tops.at(-1) ?? 0) + RULER_PX + 6;
    const height = Math.min(MAX_HEIGHT_PX, Math.max(MIN_HEIGHT_PX, rows));
    canvasHost.style.height = `${height}px`;
    state.resize(canvasHost.clientWidth || 600, height);
    state.scroll(0, height - RULER_PX);
    redraw();
  };
  const onPlayhead = () => {
    const x = toPx(state.scale, playhead.seconds);
    // Follow the playhead by pages while it plays.
    if (!state.drag && (x > state.width || x < 0) && model.get("playing")) {
      const by = x < 0 ? x : x - state.width * 0.1;
      state.setScale(pan(state.scale, by, state.timeline.durationS, state.width));
    }
    redraw();
  };
  const onSelection = () => {
    const names = state.selection.map((id) => {
      const place = placeOf(state.timeline, id);
      return place ? (state.timeline.tracks[place.row]?.names[place.item] ?? id) : id;
    });
    const clock = timecode(playhead.seconds, state.timeline.rate);
    announcement.textContent = names.length
      ? t("Selected: {names}, at {clock}", { names: names.join(", "), clock })
      : "";
    redraw();
  };
  channel.on("timeline", (view, buffers) => {
    state.setTimeline(mergeTimeline(state.timeline, view, buffers));
    canvas.setAttribute("aria-label", t("Timeline of {name}", { name: view.name }));
    resize();
  });
  channel.on("levels", ({ tracks, peaksDb }) => {
    headers.meter(new Map(tracks.map((name, place) => [name, peaksDb[place] ?? -60])));
  });
  channel.on("session", (view) => {
    state.session = view;
    redraw();
  });
  const detachPointer = attachPointer(canvas, actions, commands);
  const unwatchTheme = watchTheme(redraw);
  const stopListening = playhead.onMove(onPlayhead);
  model.on("change:selection", onSelection);
  model.on("change:solo", redraw);
  const resizeObserver = new ResizeObserver(resize);
  resizeObserver.observe(canvasHost);
  resize();

  const close = () => {
    cancelAnimationFrame(frameRequest);
    resizeObserver.disconnect();
    detachPointer();
    unwatchTheme();
    stopListening();
    model.off("change:selection", onSelection);
    model.off("change:solo", redraw);
    pictures.close();
  };
  return { element, actions, close };
}
