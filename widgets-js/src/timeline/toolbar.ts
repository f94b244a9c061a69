/** The timeline's tools and buttons, on one line. */

import { t } from "../i18n";
import { commandButton } from "../ui/commandButton";
import type { Commands } from "../ui/commands";
import { h } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { MenuGroups } from "../ui/menu";
import { type BarPart, overflowBar } from "../ui/overflow";
import { roving } from "../ui/roving";

export interface Toolbar {
  readonly element: HTMLElement;
  close(): void;
}

type Buttons = readonly (readonly [id: string, path: string])[];

export function makeToolbar(
  commands: Commands,
  extra: readonly HTMLElement[],
  moreChoices: () => MenuGroups,
): Toolbar {
  const group = (label: string, rank: number, buttons: Buttons): BarPart => ({
    element: h(
      "div",
      { class: "tnb-group", role: "group", "aria-label": label },
      ...buttons.map(([id, path]) => commandButton(commands, id, path)),
    ),
    choices: () => [buttons.map(([id]) => commands.choice(id))],
    rank,
  });
  const parts = [
    group(t("Tools"), 3, [
      ["tool.select", ICONS.select],
      ["tool.blade", ICONS.blade],
      ["tool.ripple", ICONS.ripple],
      ["tool.roll", ICONS.roll],
      ["tool.slip", ICONS.slip],
      ["tool.slide", ICONS.slide],
    ]),
    group(t("Edit"), 2, [
      ["edit.undo", ICONS.undo],
      ["edit.redo", ICONS.redo],
      ["timeline.split", ICONS.split],
      ["timeline.remove", ICONS.trash],
    ]),
    group(t("Behavior"), 1, [
      ["timeline.snap", ICONS.magnet],
      ["timeline.linkedSelection", ICONS.linked],
      ["markers.add", ICONS.marker],
    ]),
    group(t("View"), 0, [
      ["timeline.zoomOut", ICONS.zoomOut],
      ["timeline.zoomIn", ICONS.zoomIn],
      ["timeline.fit", ICONS.fit],
    ]),
  ];
  const element = h("div", {
    class: "tnb-toolbar tnb-timeline-toolbar",
    role: "toolbar",
    "aria-label": t("Timeline tools"),
  });
  const bar = overflowBar(element, parts, moreChoices);
  element.append(...parts.map((part) => part.element), bar.more, ...extra);
  const tabStop = roving(element);
  const stopListening = commands.onChange(tabStop.refresh);
  bar.refresh();
  const close = () => {
    bar.close();
    stopListening();
  };
  return { element, close };
}
