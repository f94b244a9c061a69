import { codeButton } from "../editor/code";
import { makeTimeline } from "../timeline/view";
import { widget } from "./widget";

export default widget("timeline-widget", (context) => {
  const { model, channel, notice, root } = context;
  const code = codeButton(model, channel, notice);
  const timeline = makeTimeline(context, [code]);
  root.append(timeline.element);
  return [timeline];
});
