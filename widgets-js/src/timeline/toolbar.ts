/** The timeline's tools and buttons. */

import { t } from "../i18n";
import { commandButton } from "../ui/commandButton";
import type { Commands } from "../ui/commands";
import { h } from "../ui/dom";
import { ICONS } from "../ui/icons";

export interface Toolbar {
  readonly element: HTMLElement;
}

export function makeToolbar(
  commands: Commands,
  extra: readonly HTMLElement[],
): Toolbar {
  const button = (id: string, path: string) => commandButton(commands, id, path);
  const group = (label: string, ...members: HTMLElement[]) =>
    h("div", { class: "tnb-group", role: "group", "aria-label": label }, ...members);
  const element = h(
    "div",
    { class: "tnb-toolbar", role: "toolbar", "aria-label": t("Timeline tools") },
    group(
      t("Tools"),
      button("tool.select", ICONS.select),
      button("tool.blade", ICONS.blade),
      button("tool.ripple", ICONS.ripple),
      button("tool.roll", ICONS.roll),
      button("tool.slip", ICONS.slip),
      button("tool.slide", ICONS.slide),
    ),
    group(
      t("Edit"),
      button("edit.undo", ICONS.undo),
      button("edit.redo", ICONS.redo),
      button("timeline.split", ICONS.split),
      button("timeline.remove", ICONS.trash),
    ),
    group(
      t("View"),
      button("timeline.snap", ICONS.magnet),
      button("markers.add", ICONS.marker),
      button("timeline.zoomOut", ICONS.zoomOut),
      button("timeline.zoomIn", ICONS.zoomIn),
      button("timeline.fit", ICONS.fit),
    ),
    ...extra,
  );
  return { element };
}
