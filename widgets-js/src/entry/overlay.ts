import { makeBoxLayer } from "../overlay/boxLayer";
import { makePanel } from "../overlay/panel";
import { makePlayer } from "../player/view";
import { widget } from "./widget";

export default widget(
  "overlay-widget",
  ({ model, channel, playhead, notice, root }) => {
    const player = makePlayer(model, channel, playhead, notice);
    const layer = makeBoxLayer(model, channel, player, notice);
    player.addLayer(layer.screenLayer);
    const panel = makePanel(model, channel, layer);
    root.append(player.element, panel.element);
    return [panel, layer, player];
  },
);
