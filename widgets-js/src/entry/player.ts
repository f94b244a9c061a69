import { makePlayer } from "../player/view";
import { widget } from "./widget";

export default widget("player-widget", (context) => {
  const { root } = context;
  const player = makePlayer(context);
  root.append(player.element);
  return [player];
});
