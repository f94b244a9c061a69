/** The inspector: the settings of the selected clips; each change is one step. */

import type { Channel, RequestBody } from "../channel";
import { t } from "../i18n";
import type { Playhead } from "../playhead";
import type { ClipDetails } from "../protocol";
import { h } from "../ui/dom";
import type { Notice } from "../ui/notice";
import { makeEffects } from "./effects";

type Change = Omit<
  Extract<RequestBody, { readonly kind: "setClips" }>,
  "kind" | "items"
>;
type NumberField = keyof Change & keyof ClipDetails;

interface NumberSetting {
  readonly field: NumberField;
  readonly label: string;
  readonly unit: string;
  readonly step: number;
  readonly min?: number;
  readonly max?: number;
  /** Units on screen per stored unit. */
  readonly factor?: number;
}

function numberText(clip: ClipDetails, { field, factor = 1 }: NumberSetting): string {
  return String(Number((Number(clip[field]) * factor).toFixed(3)));
}

export function makeInspector(
  channel: Channel,
  playhead: Playhead,
  notice: Notice,
): HTMLElement {
  const body = h("div", { class: "tnb-fields" });
  const element = h(
    "section",
    { class: "tnb-inspector", "aria-label": t("Inspector") },
    h("h3", {}, t("Inspector")),
    body,
    makeEffects(channel, playhead, notice),
  );
  const picture: readonly NumberSetting[] = [
    { field: "x", label: t("Position X"), unit: "%", step: 0.5, factor: 100 },
    { field: "y", label: t("Position Y"), unit: "%", step: 0.5, factor: 100 },
    { field: "scale", label: t("Scale"), unit: "%", step: 1, min: 1, factor: 100 },
    { field: "rotationDeg", label: t("Rotation"), unit: "°", step: 1 },
    {
      field: "opacity",
      label: t("Opacity"),
      unit: "%",
      step: 1,
      min: 0,
      max: 100,
      factor: 100,
    },
  ];
  const sound: readonly NumberSetting[] = [
    { field: "gainDb", label: t("Gain"), unit: "dB", step: 0.5 },
  ];
  const fades: readonly NumberSetting[] = [
    { field: "fadeInS", label: t("Fade in"), unit: "s", step: 0.1, min: 0 },
    { field: "fadeOutS", label: t("Fade out"), unit: "s", step: 0.1, min: 0 },
  ];

  let clips: readonly ClipDetails[] = [];
  // What the fields are of, and the values that the kernel last said.
  let shown = "";
  let known = new Map<string, string>();
  const shape = () =>
    JSON.stringify([clips.map((clip) => clip.id), clips[0]?.hasPictures ?? false]);
  const textsOf = (clip: ClipDetails) =>
    new Map<string, string>([
      ["name", clip.name],
      ["fit", clip.fit],
      ...[...picture, ...sound, ...fades].map(
        (made) => [made.field, numberText(clip, made)] as const,
      ),
    ]);
  const set = (change: Change) => {
    // Whatever comes of it is shown, also what was there before.
    for (const name of Object.keys(change)) known.delete(name);
    const items = clips.map((clip) => clip.id);
    channel
      .request({ kind: "setClips", items, ...change })
      .catch((problem: unknown) => {
        notice.problem(problem);
        build();
      });
  };
  const field = (label: string, input: HTMLElement, unit = "") =>
    h("label", { class: "tnb-field" }, h("span", {}, label), input, h("i", {}, unit));
  const numberField = (clip: ClipDetails, made: NumberSetting) => {
    const { field: name, factor = 1 } = made;
    const input = h("input", {
      type: "number",
      class: "tnb-number",
      step: made.step,
      min: made.min,
      max: made.max,
      value: numberText(clip, made),
      "data-field": name,
    });
    input.addEventListener("change", () => {
      if (input.value === "" || Number.isNaN(input.valueAsNumber)) build();
      else set({ [name]: input.valueAsNumber / factor } as Change);
    });
    return field(made.label, input, made.unit);
  };
  const fit = (clip: ClipDetails) => {
    const names = {
      fit: t("Fit"),
      fill: t("Fill"),
      stretch: t("Stretch"),
      none: t("Pixels"),
    };
    const select = h(
      "select",
      { class: "tnb-select", "data-field": "fit" },
      ...Object.entries(names).map(([value, name]) =>
        h("option", { value, selected: value === clip.fit }, name),
      ),
    );
    select.addEventListener("change", () => {
      set({ fit: select.value as "fit" | "fill" | "stretch" | "none" });
    });
    return field(t("Fit"), select);
  };
  const build = () => {
    const [clip] = clips;
    shown = shape();
    if (!clip) {
      body.replaceChildren(
        h("p", { class: "tnb-hint" }, t("Select a clip to change it.")),
      );
      return;
    }
    known = textsOf(clip);
    const name = h("input", { type: "text", class: "tnb-text", value: clip.name });
    name.dataset.field = "name";
    name.addEventListener("change", () => set({ name: name.value }));
    const focus = (document.activeElement as HTMLElement | null)?.dataset.field;
    const many =
      clips.length > 1 ? [h("p", {}, t("{count} clips", { count: clips.length }))] : [];
    body.replaceChildren(
      ...many,
      field(t("Name"), name),
      ...(clip.hasPictures
        ? [fit(clip), ...picture.map((made) => numberField(clip, made))]
        : []),
      ...sound.map((made) => numberField(clip, made)),
      ...fades.map((made) => numberField(clip, made)),
    );
    if (focus) body.querySelector<HTMLElement>(`[data-field="${focus}"]`)?.focus();
  };
  /** Show new values in the fields that are there; what is being typed stays. */
  const refresh = () => {
    const [clip] = clips;
    if (!clip) return;
    const texts = textsOf(clip);
    for (const input of body.querySelectorAll<HTMLInputElement>("[data-field]")) {
      const name = input.dataset.field ?? "";
      const text = texts.get(name) ?? "";
      const isTyped = input === document.activeElement && known.get(name) === text;
      if (!isTyped && input.value !== text) input.value = text;
    }
    known = texts;
  };
  const show = () => (shape() === shown ? refresh() : build());
  channel.on("inspector", (answer) => {
    clips = answer.clips;
    show();
  });
  build();
  return element;
}
