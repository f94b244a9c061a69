/** The timeline view: toolbar, track heads and canvas, kept in step with the edit. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import type { Playhead } from "../playhead";
import { timecode } from "../time";
import { fitCanvas, h } from "../ui/dom";
import type { Notice } from "../ui/notice";
import { paletteOf, watchTheme } from "../ui/theme";
import { Actions } from "./actions";
import { draw } from "./draw";
import { pan, RULER_PX, toPx } from "./geometry";
import { makeHeaders } from "./headers";
import { press } from "./keys";
import { merged, placeOf } from "./model";
import { Pictures } from "./pictures";
import { listen } from "./pointer";
import { State } from "./state";
import { makeToolbar } from "./toolbar";

const LEAST_PX = 150;
const MOST_PX = 420;

export interface TimelineView {
  readonly element: HTMLElement;
  readonly actions: Actions;
  close(): void;
}

export function makeTimeline(
  model: Model,
  channel: Channel,
  playhead: Playhead,
  notice: Notice,
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
  const aloud = h("div", { class: "tnb-aloud", "aria-live": "polite" });
  const help = h(
    "div",
    { class: "tnb-aloud", id: `tnb-help-${channel.view}` },
    t("Arrows move the playhead, Enter selects, S splits, Escape leaves."),
  );
  const readout = h("div", { class: "tnb-readout", hidden: true });
  let asked = 0;
  const redraw = () => {
    asked ||= requestAnimationFrame(paint);
  };
  const pictures = new Pictures(channel, redraw);
  const actions = new Actions(channel, state, playhead, notice, redraw);
  const headers = makeHeaders(actions);
  const toolbar = makeToolbar(actions, extra);
  const stage = h("div", { class: "tnb-stage" }, canvas, readout);
  const element = h(
    "section",
    { class: "tnb-timeline", "aria-label": t("Timeline") },
    toolbar.element,
    h("div", { class: "tnb-rows" }, headers.element, stage),
    aloud,
    help,
  );

  function paint(): void {
    asked = 0;
    const context = fitCanvas(canvas, state.width, state.height);
    toolbar.update();
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
    draw(context, scene, pictures, paletteOf(element));
    canvas.dataset.duration = String(state.timeline.durationS);
    canvas.dataset.pxPerS = String(state.scale.pxPerS);
    canvas.dataset.originS = String(state.scale.originS);
  }

  const resize = () => {
    const rows = (state.tops.at(-1) ?? 0) + RULER_PX + 6;
    const high = Math.min(MOST_PX, Math.max(LEAST_PX, rows));
    stage.style.height = `${high}px`;
    state.resize(stage.clientWidth || 600, high);
    state.scroll(0, high - RULER_PX);
    redraw();
  };
  const follow = () => {
    const x = toPx(state.scale, playhead.seconds);
    // The view turns the page when the playhead runs out of it.
    if (!state.drag && (x > state.width || x < 0) && model.get("playing")) {
      const by = x < 0 ? x : x - state.width * 0.1;
      state.look(pan(state.scale, by, state.timeline.durationS, state.width));
    }
    redraw();
  };
  const chosen = () => {
    const names = state.selection.map((id) => {
      const place = placeOf(state.timeline, id);
      return place ? (state.timeline.tracks[place.row]?.names[place.item] ?? id) : id;
    });
    const clock = timecode(playhead.seconds, state.timeline.rate);
    aloud.textContent = names.length
      ? t("Selected: {names}, at {clock}", { names: names.join(", "), clock })
      : "";
    redraw();
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (state.drag || state.selection.length) {
        state.drag = undefined;
        state.select([]);
        chosen();
      } else {
        canvas.blur();
      }
      return;
    }
    if (!press(event, actions)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  channel.on("timeline", (view, buffers) => {
    state.show(merged(state.timeline, view, buffers));
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
  canvas.addEventListener("keydown", keyed);
  const unlisten = listen(canvas, stage, actions);
  const unwatch = watchTheme(redraw);
  const unfollow = playhead.listen(follow);
  model.on("change:selection", chosen);
  model.on("change:solo", redraw);
  const size = new ResizeObserver(resize);
  size.observe(stage);
  resize();

  const close = () => {
    cancelAnimationFrame(asked);
    size.disconnect();
    unlisten();
    unwatch();
    unfollow();
    model.off("change:selection", chosen);
    model.off("change:solo", redraw);
    pictures.close();
  };
  return { element, actions, close };
}
