/** Paste attributes: which effects and settings of a clip others get. */

import type { Channel } from "../../channel";
import { t, tn } from "../../i18n";
import type { EffectsView } from "../../protocol";
import { openDialog } from "../../ui/dialog";
import { h } from "../../ui/dom";
import type { Notice } from "../../ui/notice";

type Attribute = "transform" | "sound" | "fades" | "speed";

export interface Attributes {
  copy(view: EffectsView): void;
  canPaste(): boolean;
  /** Ask what is pasted onto the selected clips. */
  paste(): void;
}

export function makeAttributes(
  host: HTMLElement,
  channel: Channel,
  notice: Notice,
  selected: () => readonly string[],
): Attributes {
  let source: EffectsView | undefined;
  const check = (label: string, checked: boolean) => {
    const box = h("input", { type: "checkbox", checked });
    return { box, row: h("label", { class: "tnb-check" }, box, label) };
  };
  const paste = () => {
    const from = source;
    if (!from) return;
    const targets = selected().filter((item) => item !== from.owner);
    const own = from.effects.filter((effect) => effect.owner === from.owner);
    const effects = own.map((effect) => ({
      number: effect.number,
      ...check(t(effect.label), true),
    }));
    const settings: { name: Attribute; box: HTMLInputElement; row: HTMLElement }[] = [
      { name: "transform", ...check(t("Transform and opacity"), false) },
      { name: "sound", ...check(t("Gain and pan"), false) },
      { name: "fades", ...check(t("Fades"), false) },
      { name: "speed", ...check(t("Speed"), false) },
    ];
    openDialog(host, {
      title: t("Paste attributes"),
      body: h(
        "div",
        { class: "tnb-dialog-fields" },
        h(
          "p",
          { class: "tnb-hint" },
          tn("They go to {count} clip.", "They go to {count} clips.", targets.length),
        ),
        h(
          "fieldset",
          { class: "tnb-checks" },
          h("legend", {}, t("Effects")),
          ...effects.map(({ row }) => row),
        ),
        h(
          "fieldset",
          { class: "tnb-checks" },
          h("legend", {}, t("Settings")),
          ...settings.map(({ row }) => row),
        ),
      ),
      actions: [
        { label: t("Cancel") },
        {
          label: t("Paste"),
          kind: "primary",
          disabled: !targets.length,
          run: async () => {
            try {
              await channel.request({
                kind: "pasteAttributes",
                source: from.owner,
                items: targets,
                effects: effects
                  .filter(({ box }) => box.checked)
                  .map(({ number }) => number),
                attributes: settings
                  .filter(({ box }) => box.checked)
                  .map(({ name }) => name),
              });
              return true;
            } catch (problem) {
              notice.problem(problem);
              return false;
            }
          },
        },
      ],
    });
  };
  return {
    copy: (view) => {
      source = view;
      notice.say(t("Attributes are copied: select other clips and paste them."));
    },
    canPaste: () =>
      source !== undefined && selected().some((id) => id !== source?.owner),
    paste,
  };
}
