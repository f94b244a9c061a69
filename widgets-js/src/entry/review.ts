import { makePlayer } from "../player/view";
import { makeComments } from "../review/comments";
import css from "../review/review.css";
import { h } from "../ui/dom";
import { plainWidget } from "./plainWidget";

export default plainWidget(
  "review-widget",
  (context) => {
    const { channel, playhead, notice, root } = context;
    const player = makePlayer(context);
    const rate = () => player.engine.source.rate;
    const comments = makeComments(channel, playhead, notice, rate);
    root.append(
      h("div", { class: "tnb-review-panels" }, player.element, comments.element),
    );
    return [comments, player];
  },
  css,
);
