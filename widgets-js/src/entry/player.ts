import { makePlayer } from "../player/view";
import { plainWidget } from "./plainWidget";

export default plainWidget("player-widget", (context) => {
  const { root } = context;
  const player = makePlayer(context);
  root.append(player.element);
  return [player];
});
