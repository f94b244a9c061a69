import type { Model } from "../channel";
import { makeBin } from "../editor/bin";
import { codeButton } from "../editor/code";
import { makeInspector } from "../editor/inspector";
import { makePanels } from "../editor/panels";
import { makeRender } from "../editor/render";
import { t } from "../i18n";
import { makeBoxLayer } from "../overlay/boxLayer";
import { makePlayer } from "../player/view";
import { makeTimeline } from "../timeline/view";
import { commandButton } from "../ui/commandButton";
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
  });
  const player = makePlayer(context, [boxes]);
  const layer = makeBoxLayer(withoutSelection(model), channel, player, notice);
  layer.visible = false;
  setPressed(boxes, false);
  boxes.hidden = true;
  channel.on("overlay", (answer) => {
    boxes.hidden = !answer.labels.length;
  });
  player.addLayer(layer.screenLayer);
  const bin = makeBin(channel, playhead, notice);
  const { commands } = context;
  const extra = [
    codeButton(model, channel, notice),
    h("span", { class: "tnb-spacer" }),
    commandButton(commands, "help.keys", ICONS.keyboard),
    commandButton(commands, "settings.open", ICONS.gear),
  ];
  const render = makeRender(channel, notice);
  const timeline = makeTimeline(context, [...extra, render]);
  root.append(
    h(
      "div",
      { class: "tnb-panels" },
      bin.element,
      player.element,
      makeInspector(channel, playhead, notice),
    ),
    timeline.element,
    makePanels(channel, notice),
  );
  return [timeline, layer, player, bin];
});
