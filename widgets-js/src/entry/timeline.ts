import { codeButton } from "../editor/code";
import { makeTimeline } from "../timeline/view";
import { commandButton } from "../ui/commandButton";
import { ICONS } from "../ui/icons";
import { plainWidget } from "./plainWidget";

export default plainWidget("timeline-widget", (context) => {
  const { model, channel, notice, root } = context;
  const code = codeButton(model, channel, notice);
  const keys = commandButton(context.commands, "help.keys", ICONS.keyboard);
  const timeline = makeTimeline(context, [code, keys]);
  root.append(timeline.element);
  return [timeline];
});
