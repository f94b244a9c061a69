import { codeButton } from "../editor/code";
import { makeTimeline } from "../timeline/view";
import { widget } from "./widget";

export default widget(
  "timeline-widget",
  ({ model, channel, playhead, notice, root }) => {
    const code = codeButton(model, channel, notice);
    const timeline = makeTimeline(model, channel, playhead, notice, [code]);
    root.append(timeline.element);
    return [timeline];
  },
);
