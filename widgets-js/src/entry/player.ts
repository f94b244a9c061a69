import { makePlayer } from "../player/view";
import { widget } from "./widget";

export default widget("player-widget", ({ model, channel, playhead, notice, root }) => {
  const player = makePlayer(model, channel, playhead, notice);
  root.append(player.element);
  return [player];
});
