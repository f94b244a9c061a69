import { codeButton } from "../editor/code";
import { makeTimeline } from "../timeline/view";
import { widget } from "./frame";

export default widget(
  "timeline-widget",
  ({ model, channel, playhead, notice, root }) => {
    const code = codeButton(model, channel, notice);
    const timeline = makeTimeline(model, channel, playhead, notice, [code]);
    root.append(timeline.element);
    return [timeline];
  },
);
