/** The timeline view: toolbar, track headers and canvas, in step with the edit. */

import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { timecode } from "../time";
import type { Commands } from "../ui/commands";
import { fitCanvas, h, icon } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { type MenuGroups, openMenu } from "../ui/menu";
import { readPalette } from "../ui/theme";
import { Actions } from "./actions";
import { makeClock } from "./clock";
import { addTimelineCommands } from "./commands";
import { draw } from "./draw";
import { followed } from "./follow";
import { RULER_PX } from "./geometry";
import { addChoices } from "./headerMenu";
import { makeHeaders } from "./headers";
import { makeItemList } from "./itemList";
import { addMarkerCommands } from "./markerCommands";
import { MarkerEdits } from "./markerEdits";
import { mergeTimeline, placeOf } from "./model";
import { makeNestedPath } from "./nestedPath";
import { makeOverview } from "./overview";
import { Pictures } from "./pictures";
import { followingGhosts } from "./planned";
import { attachPointer } from "./pointer";
import { makeRowsBar } from "./rowsBar";
import { attachRuler } from "./rulerPointer";
import type { Scene } from "./scene";
import { State } from "./state";
import { SubtitleEdits } from "./subtitles";
import { makeToolbar } from "./toolbar";
import { addViewCommands, viewChoices } from "./viewCommands";

// Where nothing around it says how tall it is.
const MIN_HEIGHT_PX = 150;
const MAX_HEIGHT_PX = 420;
const BELOW_ROWS_PX = 6;

export interface TimelineView {
  readonly element: HTMLElement;
  readonly actions: Actions;
  close(): void;
}

export function makeTimeline(
  context: WidgetContext,
  extra: readonly HTMLElement[] = [],
): TimelineView {
  const { model, channel, playhead, notice, commands, settings } = context;
  const state = new State(model);
  context.targets.use(
    (type) => state.targetOf(type),
    () => state.alone,
  );
  const canvas = makeCanvas(channel.view);
  let frameRequest = 0;
  let snapsByDefault = state.snaps;
  const redraw = () => {
    frameRequest ||= requestAnimationFrame(paint);
  };
  const pictures = new Pictures(channel, redraw);
  const actions = new Actions(channel, state, playhead, notice, redraw, () =>
    settings.transitionS(state.timeline.rate),
  );
  const canvasHost = h("div", { class: "tnb-tracks-area", dir: "ltr" }, canvas);
  const headers = makeHeaders(actions);
  const markers = new MarkerEdits(actions, canvasHost);
  const clock = makeClock(actions);
  const subtitles = new SubtitleEdits(actions, commands, canvasHost);
  addTimelineCommands(commands, actions, subtitles);
  addMarkerCommands(commands, markers);
  addViewCommands(commands, actions, headers.edits, clock, () => focusShown(canvas));
  const toolbar = makeToolbar(commands, extra, () =>
    viewChoices(state, headers.edits, (follow) => settings.change({ follow })),
  );
  const overview = makeOverview(actions, canvas.id);
  const rowsBar = makeRowsBar(actions, canvas.id);
  const items = makeItemList(actions);
  const addTrack = makeAddTrack(() => addChoices(headers.edits));
  const emptyState = makeEmptyState(commands);
  canvasHost.append(rowsBar.element, emptyState.element);
  const nestedPath = makeNestedPath(actions);
  const announcement = h("div", { class: "tnb-spoken", "aria-live": "polite" });
  const rows = h(
    "div",
    { class: "tnb-rows" },
    h("div", { class: "tnb-heads" }, clock.element, headers.element, addTrack),
    h("div", { class: "tnb-lanes" }, canvasHost, overview.element),
  );
  const element = h(
    "section",
    { class: "tnb-timeline", "aria-label": t("Timeline") },
    toolbar.element,
    nestedPath.element,
    rows,
    items.element,
    announcement,
    h(
      "div",
      { class: "tnb-spoken", id: `tnb-help-${channel.view}` },
      t("Arrows move the playhead, Enter selects, S splits, Escape leaves."),
    ),
  );

  const colors = readPalette(element, redraw);

  function paint(): void {
    cancelAnimationFrame(frameRequest);
    frameRequest = 0;
    const canvasContext = fitCanvas(canvas, state.width, state.height);
    commands.changed();
    headers.update();
    clock.update();
    items.update();
    rowsBar.update();
    emptyState.update(!state.timeline.tracks.length);
    const palette = colors.now();
    overview.update(palette, playhead.seconds);
    if (!canvasContext) return;
    const scene = sceneOf(state, playhead, settings.now.thumbnails);
    draw({ context: canvasContext, scene, pictures, palette });
    canvas.dataset.duration = String(state.timeline.durationS);
    canvas.dataset.steps = String(state.session.steps);
    canvas.dataset.pxPerS = String(state.scale.pxPerS);
    canvas.dataset.originS = String(state.scale.originS);
    canvas.dataset.scrollPx = String(state.scrollPx);
    canvas.dataset.ruler = String(RULER_PX);
    canvas.dataset.tops = JSON.stringify(state.tops);
    canvas.dataset.ghosts = movingIds(scene).join(" ");
    canvas.dataset.planned = String(!!state.drag?.plan);
  }

  const resize = () => {
    const wanted = (state.tops.at(-1) ?? 0) + RULER_PX + BELOW_ROWS_PX;
    const height = Math.min(MAX_HEIGHT_PX, Math.max(MIN_HEIGHT_PX, wanted));
    rows.style.setProperty("--tnb-lanes-px", `${height}px`);
    state.resize(canvasHost.clientWidth || 600, canvasHost.clientHeight || height);
    redraw();
  };
  const onPlayhead = () => {
    if (!state.drag && !state.holdsView) {
      const view = { widthPx: state.width, durationS: state.timeline.durationS };
      const isPlaying = Boolean(model.get("playing"));
      const { scale, follow } = state;
      const next = followed(scale, playhead.seconds, view, follow, isPlaying);
      if (next !== scale) state.setScale(next);
    }
    redraw();
  };
  const onSelection = () => {
    announcement.textContent = selectionText(state, playhead.seconds);
    redraw();
  };
  const onLooks = () => {
    state.layOut();
    redraw();
  };
  channel.on("timeline", (view, buffers) => {
    const isFirst = !state.timeline.tracks.length;
    const isOther = state.timeline.path.join("\n") !== view.path.join("\n");
    state.setTimeline(mergeTimeline(state.timeline, view, buffers));
    pictures.keep(view.media);
    canvas.setAttribute("aria-label", t("Timeline of {name}", { name: view.name }));
    const isLeading = isOther && nestedPath.element.contains(document.activeElement);
    nestedPath.show(view.path);
    // The button that was pressed is gone: the keys stay with the timeline.
    if (isLeading) canvas.focus({ preventScroll: true });
    resize();
    if (isFirst || isOther) state.showMiddle();
    // A gesture waits for it: before the other messages that its answer brings.
    if (state.drag) paint();
    if (!isOther) return;
    state.drag = undefined;
    if (!isFirst) actions.fit();
  });
  channel.on("levels", ({ tracks, peaksDb }) => {
    headers.meter(new Map(tracks.map((name, place) => [name, peaksDb[place] ?? -60])));
  });
  channel.on("session", (view) => {
    state.session = view;
    redraw();
  });
  const traits = [
    ["change:selection", onSelection],
    ["change:solo", redraw],
    ["change:track_looks", onLooks],
  ] as const;
  for (const [event, listener] of traits) model.on(event, listener);
  const resizeObserver = new ResizeObserver(resize);
  resizeObserver.observe(canvasHost);
  const undo = [
    // The ruler is asked first, and keeps what is its own.
    attachRuler(canvas, actions, markers, commands),
    attachPointer(canvas, actions, commands, subtitles),
    colors.close,
    playhead.onMove(onPlayhead),
    playhead.onRange(redraw),
    settings.onChange(({ snaps, follow }) => {
      // What was switched here by hand holds until the setting itself changes.
      if (snaps !== snapsByDefault) state.snaps = snaps;
      snapsByDefault = snaps;
      state.follow = follow;
      redraw();
    }),
    toolbar.close,
    () => resizeObserver.disconnect(),
    () => pictures.close(),
  ];
  resize();

  const close = () => {
    cancelAnimationFrame(frameRequest);
    for (const stop of undo) stop();
    for (const [event, listener] of traits) model.off(event, listener);
  };
  return { element, actions, close };
}

function makeCanvas(view: string): HTMLCanvasElement {
  return h("canvas", {
    tabindex: "0",
    id: `tnb-tracks-${view}`,
    class: "tnb-tracks",
    role: "application",
    "aria-label": t("Timeline"),
    "aria-describedby": `tnb-help-${view}`,
    "data-testid": "timeline",
  });
}

/** What stands in the place of tracks until there are some. */
function makeEmptyState(commands: Commands): {
  readonly element: HTMLElement;
  update(isEmpty: boolean): void;
} {
  const add = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button",
      on: { click: () => commands.run("bin.import") },
    },
    t("Add media"),
  );
  const text = h("p", {}, t("Nothing on the timeline yet"));
  const element = h("div", { class: "tnb-tracks-empty" }, text, add);
  return {
    element,
    update: (isEmpty) => {
      element.hidden = !isEmpty;
      // A timeline alone has no bin.
      add.hidden = !commands.has("bin.import");
    },
  };
}

function sceneOf(
  state: State,
  { seconds: playheadS, range }: WidgetContext["playhead"],
  thumbnails: Scene["thumbnails"],
): Scene {
  return {
    timeline: state.timeline,
    scale: state.scale,
    tops: state.tops,
    scrollPx: state.scrollPx,
    width: state.width,
    height: state.height,
    selection: new Set(state.selection),
    hover: state.hover,
    ghosts: state.drag?.ghosts ?? [],
    drag: state.drag,
    drop: state.drop,
    snapS: state.drag?.snapS ?? state.drop?.snapS,
    bladeS: state.bladeS,
    marquee: state.marquee,
    playheadS,
    solo: new Set(state.solo),
    markers: state.markers,
    marker: state.marker,
    range,
    thumbnails,
  };
}

/** What is drawn where a drag takes it. */
function movingIds(scene: Scene): string[] {
  return [...scene.ghosts, ...followingGhosts(scene)].map(
    ({ sourceRow, item }) => scene.timeline.tracks[sourceRow]?.ids[item] ?? "",
  );
}

/** Give the focus to a canvas, whose tab may not be the one that is shown. */
function focusShown(canvas: HTMLElement): void {
  const panel = canvas.closest<HTMLElement>("[role=tabpanel]");
  if (panel?.hidden)
    document.getElementById(panel.getAttribute("aria-labelledby") ?? "")?.click();
  canvas.focus();
}

/** What is selected, in words. */
function selectionText(state: State, atS: number): string {
  const names = state.selection.map((id) => {
    const place = placeOf(state.timeline, id);
    return place ? (state.timeline.tracks[place.row]?.names[place.item] ?? id) : id;
  });
  const clock = timecode(atS, state.timeline.rate);
  return names.length
    ? t("Selected: {names}, at {clock}", { names: names.join(", "), clock })
    : "";
}

function makeAddTrack(choices: () => MenuGroups[number]): HTMLElement {
  const button: HTMLButtonElement = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button tnb-add-track",
      "aria-haspopup": "menu",
      on: {
        click: () => openMenu(button, { x: 0, y: button.offsetHeight }, [choices()]),
      },
    },
    icon(ICONS.plus) as unknown as Node,
    t("Add track"),
  );
  return button;
}
