/** What of the edit is offline: a line in the bin, and the panel that brings it back. */

import { textOf } from "../channel";
import type { WidgetContext } from "../context";
import { t, tn } from "../i18n";
import { loadLater } from "../later";
import type { OfflineFileView } from "../protocol";
import { openDialog } from "../ui/dialog";
import { h, icon } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { KeyedRows } from "../ui/keyedRows";

export function makeOffline(context: WidgetContext): { readonly element: HTMLElement } {
  const { channel, notice, commands, root } = context;
  let files: readonly OfflineFileView[] = [];
  let isOpen = false;
  const summary = h("span", {});
  const element = h(
    "div",
    { class: "tnb-offline", role: "status", hidden: true },
    icon(ICONS.unlink) as unknown as Node,
    summary,
    h(
      "button",
      {
        type: "button",
        class: "tnb-text-button",
        on: { click: () => commands.run("bin.relink") },
      },
      t("Relink"),
    ),
  );
  const list = h("ul", { class: "tnb-offline-list", "aria-label": t("Offline files") });
  const progress = h("progress", { class: "tnb-offline-progress", hidden: true });
  const state = h("p", { role: "status" });
  const cancel = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button",
      hidden: true,
      on: {
        click: () => channel.request({ kind: "cancelRelink" }).catch(notice.problem),
      },
    },
    t("Cancel the search"),
  );
  let message = "";
  const search = (paths: readonly string[]) =>
    loadLater(context).then(
      ({ openPicker }) =>
        openPicker(root, channel, {
          title: t("Folder to search"),
          action: t("Search"),
          onlyFolder: true,
          pick: async ([folder = ""]) => {
            try {
              await channel.request({ kind: "relink", folder, paths });
            } catch (problem) {
              state.textContent = problem instanceof Error ? problem.message : "";
            }
          },
        }),
      notice.problem,
    );
  const row = (file: OfflineFileView) =>
    h(
      "li",
      {},
      h(
        "div",
        {},
        h("b", { title: file.path }, file.name),
        h("small", {}, textOf(file.reason)),
        h(
          "small",
          { title: file.usedBy.map(textOf).join("\n") },
          tn("Used once", "Used {count} times", file.usedBy.length),
        ),
      ),
      h(
        "button",
        {
          type: "button",
          class: "tnb-text-button",
          "aria-label": t("Find {name}", { name: file.name }),
          on: { click: () => search([file.path]) },
        },
        t("Find"),
      ),
    );
  const rows = new KeyedRows<OfflineFileView>(list, {
    make: (_, file) => ({ element: row(file) }),
  });
  const body = h(
    "div",
    { class: "tnb-offline-body" },
    h(
      "p",
      {},
      t(
        "Files are found by their contents, whatever their names are now. Choose a folder: it is searched with all below it.",
      ),
    ),
    list,
    h("div", { class: "tnb-row" }, progress, cancel),
    state,
  );
  const open = () => {
    if (isOpen) return;
    isOpen = true;
    openDialog(root, {
      title: t("Relink media"),
      class: "tnb-relink",
      body,
      actions: [
        { label: t("Close") },
        {
          label: t("Search for all"),
          kind: "primary",
          run: () => {
            search([]);
            return false;
          },
        },
      ],
      onClose: () => {
        isOpen = false;
      },
    });
  };
  const tell = () => {
    // What was offline may also have come back by itself.
    const isDone = !files.length && progress.hidden;
    state.textContent = message || (isDone ? t("Nothing is offline") : "");
  };
  // What was told of each file that was replaced, and what removes it.
  let replaced = new Map<string, { text: string; remove(): void }>();
  channel.on("offline", (answer) => {
    files = answer.files;
    const before = replaced;
    replaced = new Map();
    for (const { path, text: said, isLacking } of answer.replaced) {
      const text = textOf(said);
      const known = before.get(path);
      before.delete(path);
      if (known?.text !== text) known?.remove();
      const relink = { label: t("Relink…"), run: () => commands.run("bin.relink") };
      const say = () =>
        isLacking ? notice.say(text, "problem", [relink]) : notice.say(text);
      const remove = known?.text === text ? known.remove : say();
      replaced.set(path, { text, remove });
    }
    for (const { remove } of before.values()) remove();
    element.hidden = !files.length;
    summary.textContent = tn(
      "{count} file is offline",
      "{count} files are offline",
      files.length,
    );
    rows.show(files);
    tell();
  });
  channel.on("relinking", (answer) => {
    progress.hidden = cancel.hidden = !answer.folder;
    if (answer.total) progress.setAttribute("max", String(answer.total));
    else progress.removeAttribute("max");
    if (answer.total) progress.value = answer.done;
    else progress.removeAttribute("value");
    message = answer.folder
      ? t("Searching {folder}", { folder: answer.folder })
      : textOf(answer.message);
    tell();
  });
  commands.add({
    id: "bin.relink",
    label: t("Relink media"),
    group: t("Media"),
    // At any time: who comes from the export may know of a file before the bin does.
    run: open,
  });
  return { element };
}
