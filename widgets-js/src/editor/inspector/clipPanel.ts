/** Name, placement, opacity, sound and fades of the selected clips. */

import { t, tn } from "../../i18n";
import type { ClipDetails } from "../../protocol";
import { h, iconButton, isTyped } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import {
  type ClipField,
  type ClipSetting,
  fadeSettings,
  opacitySetting,
  pictureSettings,
  sharedValue,
  soundSettings,
} from "./clipFields";
import type { InspectorContext } from "./context";
import type { DraftChange } from "./drafts";
import { shortTime } from "./expression";
import { type Field, makeField } from "./field";
import { type Group, makeGroup } from "./group";
import { type Keys, makeKeys } from "./keys";

type Change = Omit<
  Extract<DraftChange, { readonly kind: "setClips" }>,
  "kind" | "items"
>;

export interface ClipPanel {
  readonly element: HTMLElement;
  show(clips: readonly ClipDetails[]): void;
  /** The playhead moved. */
  update(): void;
}

type Half = "hasPictures" | "hasSound";

const BLENDS = [
  "normal",
  "multiply",
  "screen",
  "overlay",
  "darken",
  "lighten",
  "add",
  "subtract",
  "difference",
  "exclusion",
  "soft_light",
  "hard_light",
  "color_dodge",
  "color_burn",
];

export function makeClipPanel(context: InspectorContext): ClipPanel {
  const { playhead } = context;
  let clips: readonly ClipDetails[] = [];
  const of = (half: Half | "") => (half ? clips.filter((clip) => clip[half]) : clips);
  const change = (half: Half | "", fields: Change): DraftChange => ({
    kind: "setClips",
    items: of(half).map((clip) => clip.id),
    atS: playhead.seconds,
    ...fields,
  });
  const fields: [ClipSetting, Half | "", Field][] = [];
  const allKeys: [string, Half, Keys][] = [];
  const field = (setting: ClipSetting, half: Half | ""): Field => {
    const { field: name, label, unit, factor, low, high, preset } = setting;
    const made = makeField({
      name,
      label,
      ...(setting.spoken ? { spoken: setting.spoken } : {}),
      unit,
      ...(factor === undefined ? {} : { factor }),
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
      ...(setting.isTime ? { rate: context.rate } : {}),
      preset,
      draft: (value) => context.drafts.show(change(half, { [name]: value } as Change)),
      set: (value) => context.ask(change(half, { [name]: value } as Change)),
      cancel: () => context.drafts.cancel(),
    });
    fields.push([setting, half, made]);
    return made;
  };
  const keysFor = (parameter: string, label: string, half: Half): Keys => {
    const ask = (atS: number, clear = false) => {
      for (const { id } of of(half))
        context.ask({ kind: "keyframeClip", item: id, parameter, atS, clear });
    };
    const made = makeKeys(label, playhead, context.rate, {
      toggle: (atS) => ask(atS),
      clear: () => ask(playhead.seconds, true),
      ease: (atS, interpolation) => {
        for (const { id } of of(half)) {
          context.ask({
            kind: "easeKeyframe",
            owner: id,
            parameter,
            atS,
            interpolation: interpolation as "linear",
          });
        }
      },
    });
    allKeys.push([parameter, half, made]);
    return made;
  };
  const row = (setting: ClipSetting, half: Half) => {
    const keys = keysFor(
      setting.parameter ?? "",
      setting.spoken ?? setting.label,
      half,
    );
    return h(
      "div",
      { "data-parameter": setting.parameter },
      h("div", { class: "tnb-param" }, field(setting, half).element, keys.element),
      keys.below,
    );
  };
  const head = makeHead(context, () => clips);
  const [x, y, scale, rotation] = pictureSettings() as [
    ClipSetting,
    ClipSetting,
    ClipSetting,
    ClipSetting,
  ];
  const position = keysFor("position", t("Position"), "hasPictures");
  const fit = choice(
    "fit",
    t("Fit"),
    { fit: t("Fit"), fill: t("Fill"), stretch: t("Stretch"), none: t("Pixels") },
    (value) => context.ask(change("hasPictures", { fit: value as "fit" })),
  );
  const blend = choice(
    "blend",
    t("Blend mode"),
    Object.fromEntries(BLENDS.map((name) => [name, blendLabel(name)])),
    (value) => context.ask(change("hasPictures", { blend: value as "normal" })),
  );
  const group = (
    id: string,
    label: string,
    half: Half | "",
    names: ClipField[],
  ): Group =>
    makeGroup(id, label, [
      iconButton(
        ICONS.undo,
        t("Reset {name}", { name: label }),
        () => {
          const presets = fields
            .filter(([setting]) => names.includes(setting.field))
            .map(([setting]) => [setting.field, setting.preset]);
          context.ask(change(half, Object.fromEntries(presets) as Change));
        },
        { class: "tnb-button tnb-small" },
      ),
    ]);
  const transform = group("transform", t("Transform"), "hasPictures", [
    "x",
    "y",
    "scale",
    "rotationDeg",
  ]);
  transform.body.append(
    h(
      "div",
      { "data-parameter": "position" },
      h(
        "div",
        { class: "tnb-param" },
        h("span", { class: "tnb-name" }, t("Position")),
        h(
          "span",
          { class: "tnb-pair" },
          field(x, "hasPictures").element,
          field(y, "hasPictures").element,
        ),
        position.element,
      ),
      position.below,
    ),
    row(scale, "hasPictures"),
    row(rotation, "hasPictures"),
    fit.element,
  );
  const composite = group("composite", t("Compositing"), "hasPictures", ["opacity"]);
  composite.body.append(row(opacitySetting(), "hasPictures"), blend.element);
  const sound = group("sound", t("Sound"), "hasSound", ["gainDb", "pan"]);
  sound.body.append(...soundSettings().map((setting) => row(setting, "hasSound")));
  const fades = group("fades", t("Fades"), "", ["fadeInS", "fadeOutS"]);
  const bare = (setting: ClipSetting) =>
    h(
      "div",
      { class: "tnb-param" },
      field(setting, "").element,
      h("span", { class: "tnb-keys" }),
    );
  fades.body.append(...fadeSettings().map(bare));
  const element = h(
    "div",
    { class: "tnb-inspector-part" },
    head.element,
    transform.element,
    composite.element,
    sound.element,
    fades.element,
  );
  const update = () => {
    for (const [, , keys] of allKeys) keys.update();
  };
  return {
    element,
    update,
    show: (next) => {
      clips = next;
      element.hidden = !clips.length;
      if (!clips.length) return;
      head.show();
      transform.element.hidden = composite.element.hidden = !of("hasPictures").length;
      sound.element.hidden = !of("hasSound").length;
      for (const [setting, half, made] of fields) {
        made.show(sharedValue(of(half), setting.field));
      }
      fit.show(sharedValue(of("hasPictures"), "fit"));
      blend.show(sharedValue(of("hasPictures"), "blend"));
      for (const [parameter, half, keys] of allKeys) {
        const [clip] = of(half);
        if (!clip) continue;
        const span = { startS: clip.startS, durationS: clip.durationS };
        keys.show(clip.keys[parameter] ?? [], [], span);
      }
    },
  };
}

/** The name, and what the clip shows from where to where. */
function makeHead(context: InspectorContext, now: () => readonly ClipDetails[]) {
  let known = "";
  const name = h("input", {
    type: "text",
    class: "tnb-clip-name",
    "aria-label": t("Name"),
    "data-field": "name",
    spellcheck: "false",
  });
  const about = h("p", { class: "tnb-about" });
  name.addEventListener("keydown", (event) => {
    if (isTyped(event)) event.stopPropagation();
    if (event.key === "Enter") name.blur();
    if (event.key === "Escape") {
      name.value = known;
      name.blur();
    }
  });
  name.addEventListener("change", () => {
    if (name.value === known || !name.value.trim()) {
      name.value = known;
      return;
    }
    const items = now().map((clip) => clip.id);
    context.ask({ kind: "setClips", items, name: name.value });
  });
  const show = () => {
    const clips = now();
    const shared = sharedValue(clips, "name");
    if (document.activeElement !== name || name.value === known)
      name.value = shared ?? "";
    known = shared ?? "";
    name.placeholder = shared === undefined ? t("Several names") : "";
    about.replaceChildren(...aboutClips(clips, context));
  };
  return { element: h("div", { class: "tnb-clip-head" }, name, about), show };
}

function aboutClips(
  clips: readonly ClipDetails[],
  context: InspectorContext,
): string[] {
  const [clip] = clips;
  if (!clip) return [];
  const rate = context.rate();
  const sum = new Set(clips.map((own) => `${own.startS} ${own.durationS}`));
  if (sum.size > 1)
    return [tn("{count} clip", "{count} clips are changed together", clips.length)];
  const tracks = clips.map((own) => own.track).join(" + ");
  return [
    t("{media} on {tracks}, {duration} from {start}", {
      media: clip.media,
      tracks,
      duration: shortTime(clip.durationS, rate),
      start: shortTime(clip.startS, rate),
    }),
  ];
}

function blendLabel(name: string): string {
  const labels: Readonly<Record<string, string>> = {
    normal: t("Normal"),
    multiply: t("Multiply"),
    screen: t("Screen"),
    overlay: t("Overlay"),
    darken: t("Darken"),
    lighten: t("Lighten"),
    add: t("Add"),
    subtract: t("Subtract"),
    difference: t("Difference"),
    soft_light: t("Soft light"),
    hard_light: t("Hard light"),
    exclusion: t("Exclusion"),
    color_dodge: t("Color dodge"),
    color_burn: t("Color burn"),
  };
  return labels[name] ?? name;
}

function choice(
  name: string,
  label: string,
  options: Readonly<Record<string, string>>,
  pick: (value: string) => void,
) {
  const mixed = h("option", { value: "", hidden: true }, t("Mixed"));
  const select = h(
    "select",
    { class: "tnb-select", "data-field": name, "aria-label": label },
    mixed,
    ...Object.entries(options).map(([value, text]) => h("option", { value }, text)),
  );
  select.addEventListener("change", () => pick(select.value));
  return {
    element: h(
      "div",
      { class: "tnb-param" },
      h("span", { class: "tnb-name" }, label),
      select,
      h("span", { class: "tnb-keys" }),
    ),
    show: (value: string | undefined) => {
      select.value = value ?? "";
    },
  };
}
