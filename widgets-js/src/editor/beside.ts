/** The editor in a panel beside its notebook, where JupyterLab has our extension. */

import type { WidgetContext } from "../context";
import { t } from "../i18n";
import type { LabPanels } from "../lab/panels";
import { commandButton } from "../ui/commandButton";
import { h } from "../ui/dom";
import { ICONS } from "../ui/icons";

type Page = typeof globalThis & { timelineNbPanels?: LabPanels };

export interface Beside {
  /** Hidden where the page has no such panels. */
  readonly button: HTMLElement;
  close(): void;
}

/** Add the command that moves the editor into a panel, and back into its cell. */
export function makeBeside({ root, commands, channel }: WidgetContext): Beside {
  const panels = (globalThis as Page).timelineNbPanels;
  let name = "";
  let panel: { close(): void } | undefined;
  channel.on("playerSource", (answer) => {
    name = answer.name;
  });
  const leave = () => panel?.close();
  const place = placeholder(leave);
  const enter = () => {
    // A maximized editor lies over the panel.
    if (root.dataset.filled === "true") commands.run("editor.leaveFill");
    root.before(place);
    root.dataset.beside = "true";
    const label = name ? t("Editor: {name}", { name }) : t("Editor");
    panel = panels?.open(root, label, () => {
      panel = undefined;
      delete root.dataset.beside;
      place.replaceWith(root);
      commands.changed();
    });
    root.focus({ preventScroll: true });
    commands.changed();
  };
  commands.add({
    id: "editor.beside",
    label: t("Open the editor beside the notebook"),
    group: t("View"),
    run: () => (panel ? leave() : enter()),
    isEnabled: () => panels !== undefined,
    isChecked: () => panel !== undefined,
  });
  const button = commandButton(commands, "editor.beside", ICONS.beside);
  button.hidden = !panels;
  return { button, close: leave };
}

/** Stands in the cell meanwhile. */
function placeholder(leave: () => void): HTMLElement {
  return h(
    "div",
    { class: "tnb tnb-elsewhere", "data-testid": "editor-elsewhere" },
    h("p", {}, t("The editor is open beside the notebook.")),
    h(
      "button",
      { type: "button", class: "tnb-text-button", on: { click: leave } },
      t("Bring it back"),
    ),
  );
}
