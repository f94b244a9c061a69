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
  element.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") (document.activeElement as HTMLElement | null)?.blur();
  });
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
  const set = (change: Change) => {
    const items = clips.map((clip) => clip.id);
    channel
      .request({ kind: "setClips", items, ...change })
      .catch((problem: unknown) => {
        notice.problem(problem);
        show();
      });
  };
  const field = (label: string, input: HTMLElement, unit = "") =>
    h("label", { class: "tnb-field" }, h("span", {}, label), input, h("i", {}, unit));
  const numberField = (clip: ClipDetails, made: NumberSetting) => {
    const { field: name, factor = 1 } = made;
    const value = Number(clip[name]) * factor;
    const input = h("input", {
      type: "number",
      class: "tnb-number",
      step: made.step,
      min: made.min,
      max: made.max,
      value: String(Number(value.toFixed(3))),
      "data-field": name,
    });
    input.addEventListener("change", () => {
      if (input.value === "" || Number.isNaN(input.valueAsNumber)) show();
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
  const show = () => {
    const [clip] = clips;
    if (!clip) {
      body.replaceChildren(
        h("p", { class: "tnb-hint" }, t("Select a clip to change it.")),
      );
      return;
    }
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
  channel.on("inspector", (answer) => {
    clips = answer.clips;
    show();
  });
  show();
  return element;
}
