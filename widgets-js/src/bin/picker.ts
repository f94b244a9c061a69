/** The dialog that picks files and folders of the kernel's machine. */

import type { Channel } from "../channel";
import { t } from "../i18n";
import type { FolderEntry, FolderView } from "../protocol";
import { type Dialog, openDialog } from "../ui/dialog";
import { h, icon, iconButton } from "../ui/dom";
import { ICONS } from "../ui/icons";

export interface PickerOptions {
  readonly title: string;
  readonly action: string;
  /** Whether a folder is picked, and no files. */
  readonly onlyFolder?: boolean;
  pick(paths: readonly string[]): unknown;
}

// The folder that was shown last, for the next dialog.
let lastFolder = "";

export function openPicker(
  host: Element,
  channel: Channel,
  options: PickerOptions,
): Dialog {
  const chosen = new Set<string>();
  let shown: FolderView | undefined;
  const problem = h("p", { class: "tnb-picker-problem", role: "alert" });
  const path = h("input", {
    type: "text",
    class: "tnb-text",
    "aria-label": t("Path of a file or folder"),
    placeholder: t("Path of a file or folder"),
    spellcheck: "false",
    autocomplete: "off",
  });
  const list = h("ul", {
    class: "tnb-picker-list",
    role: "listbox",
    "aria-multiselectable": String(!options.onlyFolder),
    "aria-label": t("Files"),
    tabindex: "0",
  });
  const up = iconButton(ICONS.chevronUp, t("Folder above"), () => {
    void show(shown?.parent ?? "");
  });
  // A path that is typed while the first folder is read stays.
  let isTyped = false;
  path.addEventListener("input", () => {
    isTyped = true;
  });
  const show = async (folder: string, keepsTyped = false) => {
    try {
      const { answer } = await channel.request({ kind: "browse", folder });
      shown = answer;
    } catch (error) {
      if (folder) return show("", keepsTyped);
      problem.textContent = String(error instanceof Error ? error.message : error);
      return;
    }
    lastFolder = folder;
    chosen.clear();
    if (!keepsTyped || !isTyped) path.value = shown.path;
    up.disabled = !shown.path;
    problem.textContent = shown.isCut ? t("There are more files than are listed") : "";
    const entries = shown.entries.filter((one) => one.isFolder || !options.onlyFolder);
    list.replaceChildren(...entries.map(row));
    // Where folders alone are chosen, its files are not listed.
    if (!shown.entries.length) {
      const nothing = {
        class: "tnb-picker-empty",
        role: "option",
        "aria-disabled": "true",
      };
      list.append(h("li", nothing, t("No media in this folder")));
    }
  };
  const mark = () => {
    for (const item of list.querySelectorAll<HTMLElement>("[role=option]")) {
      item.setAttribute("aria-selected", String(chosen.has(item.dataset.path ?? "")));
    }
  };
  const choose = (entry: FolderEntry, event: MouseEvent) => {
    const adds = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!adds || options.onlyFolder) chosen.clear();
    if (!chosen.delete(entry.path)) chosen.add(entry.path);
    path.value = entry.path;
    mark();
  };
  const row = (entry: FolderEntry) =>
    h(
      "li",
      {
        role: "option",
        "aria-selected": "false",
        "data-path": entry.path,
        on: {
          click: (event: MouseEvent) => choose(entry, event),
          dblclick: () => void (entry.isFolder ? show(entry.path) : finish()),
        },
      },
      icon(entry.isFolder ? ICONS.folder : ICONS.film) as unknown as Node,
      h("span", {}, entry.name),
      h("small", {}, entry.isFolder ? "" : sizeText(entry.size)),
    );
  const finish = () => {
    const typed = path.value.trim();
    const paths = chosen.size > 1 ? [...chosen] : [typed].filter(Boolean);
    if (!paths.length) return false;
    options.pick(paths);
    dialog.close();
    return true;
  };
  list.addEventListener("keydown", (event) => {
    const rows = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    const now = rows.findIndex((one) => one.dataset.path === [...chosen].at(-1));
    const steps: Record<string, number> = { ArrowDown: now + 1, ArrowUp: now - 1 };
    const entry = shown?.entries.find((one) => one.path === rows[now]?.dataset.path);
    if (event.key in steps) {
      const next = rows[Math.max(0, Math.min(rows.length - 1, steps[event.key] ?? 0))];
      if (!event.shiftKey || options.onlyFolder) chosen.clear();
      if (next?.dataset.path) chosen.add(next.dataset.path);
      path.value = next?.dataset.path ?? path.value;
      next?.scrollIntoView({ block: "nearest" });
      mark();
    } else if (event.key === "Enter" && entry?.isFolder) void show(entry.path);
    else if (event.key === "Enter") finish();
    else if (event.key === "Backspace" && shown?.path) void show(shown.parent);
    else return;
    event.preventDefault();
  });
  const dialog = openDialog(host, {
    title: options.title,
    class: "tnb-picker",
    body: h(
      "div",
      { class: "tnb-picker-body" },
      h("div", { class: "tnb-row" }, up, path),
      list,
      problem,
    ),
    actions: [
      { label: t("Cancel") },
      { label: options.action, kind: "primary", run: finish },
    ],
  });
  const begin = async () => {
    await show(lastFolder, true);
    if (shown?.home) await show(shown.home, true);
  };
  void begin();
  return dialog;
}

function sizeText(bytes: number): string {
  if (bytes < 1e6) return t("{count} KB", { count: (bytes / 1e3).toFixed(0) });
  if (bytes < 1e9) return t("{count} MB", { count: (bytes / 1e6).toFixed(1) });
  return t("{count} GB", { count: (bytes / 1e9).toFixed(2) });
}
