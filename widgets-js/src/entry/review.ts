import { makePlayer } from "../player/view";
import { makeComments } from "../review/comments";
import { h } from "../ui/dom";
import { widget } from "./widget";

export default widget("review-widget", ({ model, channel, playhead, notice, root }) => {
  const player = makePlayer(model, channel, playhead, notice);
  const rate = () => player.engine.source.rate;
  const comments = makeComments(channel, playhead, notice, rate);
  root.append(
    h("div", { class: "tnb-review-panels" }, player.element, comments.element),
  );
  return [comments, player];
});
