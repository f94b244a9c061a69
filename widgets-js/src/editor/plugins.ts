/** What plugins show and say; their panels are loaded once there are any. */

import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { loadLater } from "../later";
import { h } from "../ui/dom";

export function makePlugins(context: WidgetContext): HTMLElement {
  const { channel, notice } = context;
  const place = h("div", { hidden: true });
  let isAsked = false;
  channel.on("pluginPanels", ({ panels }) => {
    if (isAsked || !panels.length) return;
    isAsked = true;
    loadLater(context).then(
      ({ makePluginPanels }) => place.replaceWith(makePluginPanels(channel, notice)),
      (problem) => {
        isAsked = false;
        notice.problem(problem);
      },
    );
  });
  channel.on("pluginMessage", ({ plugin, text }) => {
    notice.say(t("{plugin} says: {text}", { plugin, text }));
  });
  return place;
}
