/** Whether the edit is saved, and a button that saves it. */

import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { saveOf } from "../notebook";
import type { HistoryView } from "../protocol";
import { openDialog } from "../ui/dialog";
import { h } from "../ui/dom";
import type { Panel } from "./history";

export function makeUnsaved(context: WidgetContext): Panel {
  const { channel, commands, model, notice, root } = context;
  let shown: HistoryView | undefined;
  const text = h("span", {});
  const dot = h("span", { class: "tnb-unsaved-dot", "aria-hidden": "true" });
  const button = h(
    "button",
    {
      type: "button",
      class: "tnb-unsaved",
      "data-testid": "unsaved",
      hidden: true,
      on: { click: () => commands.run("project.save") },
    },
    dot,
    text,
  );
  const element = h("div", { role: "status", class: "tnb-unsaved-area" }, button);
  const save = (path: string) => channel.request({ kind: "saveProject", path });
  commands.add({
    id: "project.save",
    label: t("Save the edit"),
    group: t("Project"),
    isEnabled: () => !!shown?.canSave,
    run: () => {
      if (shown?.file) return save("").then(() => undefined, notice.problem);
      askForName(root, save, notice.problem);
      return undefined;
    },
  });
  channel.on("history", (history) => {
    shown = history;
    button.hidden = !history.canSave;
    button.classList.toggle("tnb-is-saved", history.isSaved);
    text.textContent = history.isSaved ? t("Saved") : t("Unsaved changes");
    button.title = history.file
      ? t("Save to {file}", { file: history.file })
      : t("Save the edit to a file…");
    commands.changed();
  });
  // In a notebook the kernel keeps the edit; a page of its own may be all there is.
  const onLeave = (event: BeforeUnloadEvent) => {
    if (shown?.canSave && !shown.isSaved && !saveOf(model)) event.preventDefault();
  };
  window.addEventListener("beforeunload", onLeave);
  return {
    element,
    close: () => window.removeEventListener("beforeunload", onLeave),
  };
}

/** Ask where an edit without a file is saved. */
function askForName(
  host: Element,
  save: (path: string) => Promise<unknown>,
  problem: (error: unknown) => void,
): void {
  const path = h("input", {
    class: "tnb-text",
    value: "edit.tlp",
    spellcheck: "false",
    autocomplete: "off",
    dir: "ltr",
  });
  openDialog(host, {
    title: t("Save the edit"),
    body: h("label", { class: "tnb-save-field" }, h("span", {}, t("File")), path),
    actions: [
      { label: t("Cancel") },
      {
        label: t("Save"),
        kind: "primary",
        run: () =>
          save(path.value).then(
            () => true,
            (error: unknown) => {
              problem(error);
              return false;
            },
          ),
      },
    ],
  });
  path.select();
}
