/** Presets: saved, exported as a file, imported. */

import type { Channel } from "../../channel";
import { t } from "../../i18n";
import type { EffectsView } from "../../protocol";
import { confirm, openDialog } from "../../ui/dialog";
import { h } from "../../ui/dom";
import type { Notice } from "../../ui/notice";

/** Ask for a name, and save effects of a clip under it. */
export function savePreset(
  host: HTMLElement,
  channel: Channel,
  notice: Notice,
  view: EffectsView,
  numbers: readonly number[],
): void {
  const name = h("input", {
    type: "text",
    class: "tnb-text",
    maxlength: 100,
    "aria-label": t("Name of the preset"),
  });
  const own = view.effects.filter(
    (effect) => effect.owner === view.owner && numbers.includes(effect.number),
  );
  const boxes = own.map((effect) => {
    const box = h("input", { type: "checkbox", checked: true });
    box.dataset.number = String(effect.number);
    return { box, row: h("label", { class: "tnb-check" }, box, t(effect.label)) };
  });
  openDialog(host, {
    title: t("Save preset"),
    body: h(
      "div",
      { class: "tnb-dialog-fields" },
      h("label", { class: "tnb-stacked" }, t("Name"), name),
      h(
        "p",
        { class: "tnb-hint" },
        t("Keyframes are kept, and count from a clip's start."),
      ),
      ...boxes.map(({ row }) => row),
    ),
    actions: [
      { label: t("Cancel") },
      {
        label: t("Save"),
        kind: "primary",
        run: async () => {
          const chosen = boxes
            .filter(({ box }) => box.checked)
            .map(({ box }) => Number(box.dataset.number));
          try {
            await channel.request({
              kind: "savePreset",
              owner: view.owner,
              numbers: chosen,
              name: name.value,
            });
            notice.say(t("The preset {name} is saved.", { name: name.value.trim() }));
            return true;
          } catch (problem) {
            notice.problem(problem);
            return false;
          }
        },
      },
    ],
  });
  name.value = own.length === 1 ? t(own[0]?.label ?? "") : "";
  name.focus();
  name.select();
}

/** Save a preset as a file of the browser's. */
export async function exportPreset(channel: Channel, name: string): Promise<void> {
  const { answer } = await channel.request({ kind: "exportPreset", name });
  const url = URL.createObjectURL(
    new Blob([answer.text], { type: "application/json" }),
  );
  const link = h("a", { href: url, download: `${fileName(name)}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A name that every system takes. */
export function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N} ._-]/gu, "").trim() || "preset";
}

/** Choose files of presets, and keep them. */
export function importPresets(channel: Channel, notice: Notice): void {
  const input = h("input", { type: "file", accept: ".json,application/json" });
  input.multiple = true;
  input.addEventListener("change", async () => {
    for (const file of input.files ?? []) {
      try {
        await channel.request({ kind: "importPreset", text: await file.text() });
      } catch (problem) {
        notice.problem(problem);
      }
    }
  });
  input.click();
}

/** Remove a preset, once a person agreed. */
export async function removePreset(
  host: HTMLElement,
  channel: Channel,
  notice: Notice,
  name: string,
): Promise<void> {
  const isSure = await confirm(host, {
    title: t("Remove preset"),
    text: t("Remove the preset {name}? Clips keep their effects.", { name }),
    action: t("Remove"),
    isDanger: true,
  });
  if (isSure) channel.request({ kind: "removePreset", name }).catch(notice.problem);
}
