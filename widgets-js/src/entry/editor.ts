import type { Model } from "../channel";
import { makeBin } from "../editor/bin";
import { codeButton } from "../editor/code";
import { makeEffectParts } from "../editor/effects/attach";
import { makePanels } from "../editor/panels";
import { makeRender } from "../editor/render";
import { t } from "../i18n";
import { makeBoxLayer } from "../overlay/boxLayer";
import { makePlayer } from "../player/view";
import { makeStage, stageButton } from "../stage/view";
import { makeTimeline } from "../timeline/view";
import { h, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { widget } from "./widget";

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

export default widget("editor-widget", (context) => {
  const { model, channel, playhead, notice, root } = context;
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
  const stage = makeStage(context, player);
  player.addLayer(stage.screenLayer);
  const bin = makeBin(channel, playhead, notice);
  const show = (shown: HTMLElement) => {
    bin.element.hidden = shown !== bin.element;
    effects.browser.element.hidden = shown === bin.element;
  };
  const effects = makeEffectParts(context, player, () => show(effects.browser.element));
  const tab = (label: string, element: HTMLElement) =>
    h(
      "button",
      { type: "button", class: "tnb-text-button", on: { click: () => show(element) } },
      label,
    );
  const start = h(
    "div",
    { class: "tnb-start" },
    h(
      "div",
      { class: "tnb-row" },
      tab(t("Media"), bin.element),
      tab(t("Effects"), effects.browser.element),
    ),
    bin.element,
    effects.browser.element,
  );
  show(bin.element);
  const extra = [
    codeButton(model, channel, notice),
    h("span", { class: "tnb-spacer" }),
  ];
  const render = makeRender(channel, notice);
  const timeline = makeTimeline(context, [...extra, render]);
  root.append(
    h("div", { class: "tnb-panels" }, start, player.element, effects.inspector.element),
    timeline.element,
    makePanels(channel, notice),
  );
  return [timeline, layer, stage, player, bin, effects];
});
