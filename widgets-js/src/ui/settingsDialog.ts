/** The dialogs of settings and of keyboard shortcuts. */

import { t } from "../i18n";
import type { SettingsView } from "../protocol";
import { type Dialog, openDialog } from "./dialog";
import { h } from "./dom";
import { makeKeyList } from "./keyList";
import { Press } from "./press";
import type { SettingsChange } from "./settings";
import type { SettingsParts } from "./settingsCommands";
import { makeTabs } from "./tabs";

/** Show all shortcuts, to be searched. */
export function openKeys(parts: SettingsParts): void {
  const list = makeKeyList(parts.commands);
  openDialog(parts.root, {
    title: t("Keyboard shortcuts"),
    class: "tnb-dialog-keys",
    body: list.element,
    actions: [
      {
        label: t("Change keys…"),
        run: () => {
          window.setTimeout(() => openSettings(parts, "keys"));
        },
      },
    ],
    onClose: list.close,
  });
}

/** Show all settings, and the shortcuts, to be changed. */
export function openSettings(
  parts: SettingsParts,
  tab: "general" | "keys" = "general",
): Dialog {
  const { commands, settings, problem } = parts;
  const choose = (change: SettingsChange) => settings.change(change).catch(problem);
  const list = makeKeyList(commands, (keys) => choose({ keys }));
  const preset = presetField(settings.now.keymap, choose);
  const general = h("div", { class: "tnb-settings" });
  const press = new Press(general);
  const stop = settings.onChange((now) => {
    preset.value = now.keymap;
    press.after(() => {
      // What has the focus is being changed here, and shows it already.
      if (!general.contains(document.activeElement))
        general.replaceChildren(...fields(now, choose));
    });
  });
  const tabs = makeTabs(
    [
      { id: "general", label: t("General"), element: general },
      {
        id: "keys",
        label: t("Keyboard"),
        element: h("div", {}, field(t("Keyboard preset"), preset), list.element),
      },
    ],
    tab,
  );
  const reset = () => {
    (document.activeElement as HTMLElement | null)?.blur();
    settings.reset().catch(problem);
    return false;
  };
  return openDialog(parts.root, {
    title: t("Settings"),
    class: "tnb-dialog-keys",
    body: tabs,
    actions: [
      { label: t("Reset all settings"), run: reset },
      { label: t("Done"), kind: "primary" },
    ],
    onClose: () => {
      stop();
      list.close();
    },
  });
}

type Choose = (change: SettingsChange) => unknown;

function presetField(now: SettingsView["keymap"], choose: Choose): HTMLSelectElement {
  return choice(
    now,
    [
      ["default", t("Standard")],
      ["premiere", "Premiere Pro"],
      ["resolve", "DaVinci Resolve"],
      ["finalcut", "Final Cut Pro"],
    ],
    (keymap) => choose({ keymap }),
  );
}

function fields(now: SettingsView, choose: Choose): HTMLElement[] {
  const follow = choice(
    now.follow,
    [
      ["page", t("By pages")],
      ["smooth", t("Smoothly")],
      ["off", t("Not at all")],
    ],
    (value) => choose({ follow: value }),
  );
  const thumbnails = choice(
    now.thumbnails,
    [
      ["all", t("All along the clip")],
      ["ends", t("At its start and end")],
      ["off", t("None")],
    ],
    (value) => choose({ thumbnails: value }),
  );
  const well = choice(
    now.well,
    [
      ["dark", t("Dark, in both themes")],
      ["page", t("The page's color")],
    ],
    (value) => choose({ well: value }),
  );
  const snaps = h("input", { type: "checkbox", checked: now.snaps });
  snaps.addEventListener("change", () => choose({ snaps: snaps.checked }));
  return [
    field(t("Language"), languageField(now, choose)),
    field(t("Default transition duration"), lengthField(now.transition, choose)),
    field(t("Snap to cuts, markers and the playhead"), snaps),
    field(t("The timeline follows the playhead"), follow),
    field(t("Thumbnails on clips"), thumbnails),
    field(t("Background around the picture"), well),
  ];
}

function languageField(now: SettingsView, choose: Choose): HTMLSelectElement {
  const names = now.languages.map((code) => {
    const own = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
    return [code, own] as const;
  });
  return choice<string>(
    now.language,
    [["", t("Same as the page")], ...names],
    (language) => choose({ language }),
  );
}

/** A length as a number and its unit: frames, or seconds. */
function lengthField(now: string, choose: Choose): HTMLElement {
  const number = h("input", {
    type: "number",
    class: "tnb-number",
    min: 0,
    step: "any",
    value: Number.parseFloat(now),
    "aria-label": t("Duration"),
  });
  const unit = choice(
    now.endsWith("f") ? "f" : "s",
    [
      ["f", t("frames")],
      ["s", t("seconds")],
    ],
    () => send(),
  );
  unit.setAttribute("aria-label", t("Unit"));
  const send = () => {
    const value = number.valueAsNumber;
    const length = unit.value === "f" ? Math.round(value) : Number(value.toFixed(3));
    if (length > 0) choose({ transition: `${length}${unit.value}` });
    else number.value = String(Number.parseFloat(now));
  };
  number.addEventListener("change", send);
  return h("span", { class: "tnb-row" }, number, unit);
}

function choice<V extends string>(
  now: V,
  options: readonly (readonly [V, string])[],
  pick: (value: V) => unknown,
): HTMLSelectElement {
  const select = h(
    "select",
    { class: "tnb-select" },
    ...options.map(([value, text]) => h("option", { value }, text)),
  );
  select.value = now;
  select.addEventListener("change", () => pick(select.value as V));
  return select;
}

function field(label: string, control: HTMLElement): HTMLElement {
  // A row of two controls names each of them itself.
  const isRow = control.matches("span");
  return h(
    isRow ? "div" : "label",
    {
      class: "tnb-setting",
      role: isRow ? "group" : undefined,
      "aria-label": isRow ? label : undefined,
    },
    h("span", {}, label),
    control,
  );
}
