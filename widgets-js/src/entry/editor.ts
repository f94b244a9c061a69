import { makeBin } from "../bin/view";
import type { Model } from "../channel";
import { makeBeside } from "../editor/beside";
import { codeButton } from "../editor/code";
import { makeEffectParts } from "../editor/effects/attach";
import { makeExport } from "../editor/export/attach";
import { makeFill } from "../editor/fill";
import { makeHistory } from "../editor/history";
import { makeJournal } from "../editor/journal";
import { makeLayout } from "../editor/layout";
import { makeMarkers } from "../editor/markers";
import { makePlugins } from "../editor/plugins";
import { makeUndoNotices } from "../editor/undoNotices";
import { makeUnsaved } from "../editor/unsaved";
import { t } from "../i18n";
import { loadLater } from "../later";
import { makeBoxLayer } from "../overlay/boxLayer";
import { makePlayer } from "../player/view";
import { makeSource } from "../source/attach";
import { makeStage, stageButton } from "../stage/view";
import { onEditText } from "../textEdit";
import { makeTimeline } from "../timeline/view";
import { commandButton } from "../ui/commandButton";
import { h, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { type Build, widget } from "./widget";

/** By then an editor is drawn: what is loaded later is there while the kernel is busy. */
const LATER_MS = 3_000;

/** A model without selection: an editor selects clips, not boxes. */
function withoutSelection(model: Model): Model {
  const own = (name: string) => (name === "selection" ? undefined : model.get(name));
  return {
    get: own,
    set: () => undefined,
    save_changes: () => undefined,
    send: model.send.bind(model),
    on: (event, listener) => model.on(event, listener),
    off: (event, listener) => model.off(event, listener),
  };
}

const build: Build = (context) => {
  const { model, channel, notice, root } = context;
  // For the parts that come when they are loaded.
  channel.remember("catalog", "presets", "effects", "timeline", "pluginPanels");
  const timer = window.setTimeout(() => {
    loadLater(context).catch(() => undefined);
  }, LATER_MS);
  const boxes = iconButton(ICONS.box, t("Detections"), () => {
    layer.visible = !layer.visible;
    setPressed(boxes, layer.visible);
    layer.redraw();
    stage.letThrough(layer.visible);
  });
  const player = makePlayer(context, [boxes, stageButton(context)]);
  const layer = makeBoxLayer(withoutSelection(model), channel, player, notice);
  layer.visible = false;
  setPressed(boxes, false);
  boxes.hidden = true;
  channel.on("overlay", (answer) => {
    boxes.hidden = !answer.labels.length;
  });
  player.addLayer(layer.screenLayer);
  // Before the stage hears of it: a text is written where it is seen.
  onEditText(root, () => layout.show("program"));
  const stage = makeStage(context, player);
  player.addLayer(stage.screenLayer);
  const source = makeSource(context, (tab) => layout.addScreen(tab));
  const bin = makeBin(context, source.open);
  const effects = makeEffectParts(context, player, () => layout.show("effects"));
  const fill = makeFill(context);
  const beside = makeBeside(context);
  const history = makeHistory(context);
  const markers = makeMarkers(context);
  const unsaved = makeUnsaved(context);
  const exporting = makeExport(context, () => layout.show("renders"));
  const timeline = makeTimeline(context, [
    codeButton(model, channel, notice),
    h("span", { class: "tnb-spacer" }),
    exporting.button,
  ]);
  const layout = makeLayout(
    { id: "program", label: t("Program"), element: player.element },
    { id: "timeline", label: t("Timeline"), element: timeline.element },
  );
  layout.addTab("start", { id: "media", label: t("Media"), element: bin.element });
  layout.addTab("start", {
    id: "effects",
    label: t("Effects"),
    element: effects.browser.element,
    onShow: effects.browser.onShow,
  });
  layout.addTab("start", {
    id: "markers",
    label: t("Markers"),
    element: markers.element,
  });
  layout.addTab("start", {
    id: "history",
    label: t("History"),
    element: history.element,
  });
  layout.addTab("start", {
    id: "renders",
    label: t("Renders"),
    element: exporting.element,
  });
  layout.status.append(
    unsaved.element,
    h("span", { class: "tnb-spacer" }),
    commandButton(context.commands, "help.keys", ICONS.keyboard),
    commandButton(context.commands, "settings.open", ICONS.gear),
    beside.button,
    commandButton(context.commands, "editor.fill", ICONS.maximize),
  );
  layout.addTab("end", {
    id: "inspector",
    label: t("Inspector"),
    element: effects.inspector.element,
  });
  source.addMatchFrame(bin, () => layout.show("source"));
  root.append(makeJournal(context), layout.element, makePlugins(context));
  return [
    ...[timeline, layer, stage, player, bin, source, effects],
    ...[layout, fill, beside],
    ...[history, markers, unsaved, exporting, makeUndoNotices(context)],
    { close: () => window.clearTimeout(timer) },
  ];
};

export default widget("editor-widget", build, { dialogs: loadLater });
