import { makeBoxLayer } from "../overlay/boxLayer";
import { makePanel } from "../overlay/panel";
import { makePlayer } from "../player/view";
import { plainWidget } from "./plainWidget";

export default plainWidget("overlay-widget", (context) => {
  const { model, channel, notice, root } = context;
  const player = makePlayer(context);
  const layer = makeBoxLayer(model, channel, player, notice);
  player.addLayer(layer.screenLayer);
  const panel = makePanel(model, channel, layer);
  root.append(player.element, panel.element);
  return [panel, layer, player];
});
