/** The bar above a text that is edited: font, size, color, alignment, styles. */

import type { Channel } from "../channel";
import { t } from "../i18n";
import type { StageText } from "../protocol";
import { h, setPressed } from "../ui/dom";

export interface StyleChange {
  readonly style?: string;
  readonly font?: string;
  readonly size?: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly color?: string;
  readonly align?: "left" | "center" | "right" | "start";
}

export interface TextBar {
  readonly element: HTMLElement;
  show(text: StageText): void;
}

const COLOR_LETTERS = 7;
const SIDES = ["left", "center", "right"] as const;

export function makeTextBar(
  channel: Channel,
  change: (change: StyleChange) => void,
  finish: (keeps: boolean) => void,
): TextBar {
  let shown: StageText | undefined;
  const font = h("select", { class: "tnb-select", "aria-label": t("Font") });
  const style = h("select", { class: "tnb-select", "aria-label": t("Style") });
  const size = h("input", {
    type: "number",
    class: "tnb-number",
    min: 4,
    step: 1,
    "aria-label": t("Size of the letters, in pixels"),
    title: t("Size of the letters, in pixels"),
  });
  const color = h("input", {
    type: "color",
    class: "tnb-text-color",
    "aria-label": t("Color"),
    title: t("Color"),
  });
  font.addEventListener("change", () => change({ font: font.value }));
  style.addEventListener("change", () => {
    if (style.value) change({ style: style.value });
    style.value = "";
  });
  size.addEventListener("change", () => {
    if (!shown || !(size.valueAsNumber > 0)) return;
    const share = (shown.size * size.valueAsNumber) / shown.lettersPx;
    change({ size: Math.min(1, Math.max(0.005, share)) });
  });
  color.addEventListener("input", () => change({ color: color.value }));
  const flag = (name: "bold" | "italic" | "underline", letter: string, label: string) =>
    h(
      "button",
      {
        type: "button",
        class: `tnb-button tnb-text-${name}`,
        title: label,
        "aria-label": label,
        on: { click: () => change({ [name]: !shown?.[name] }) },
      },
      letter,
    );
  const flags = {
    bold: flag("bold", "B", t("Bold")),
    italic: flag("italic", "I", t("Italic")),
    underline: flag("underline", "U", t("Underline")),
  };
  const names = {
    left: t("Align left"),
    center: t("Align center"),
    right: t("Align right"),
  };
  const sides = SIDES.map((side) => {
    const button = h(
      "button",
      {
        type: "button",
        class: "tnb-button",
        title: names[side],
        "aria-label": names[side],
        on: { click: () => change({ align: side }) },
      },
      h("span", { class: `tnb-align tnb-align-${side}` }, h("i"), h("i"), h("i")),
    );
    return [side, button] as const;
  });
  const done = (label: string, keeps: boolean, kind: string) =>
    h(
      "button",
      {
        type: "button",
        class: `tnb-button tnb-text-end ${kind}`,
        on: { click: () => finish(keeps) },
      },
      label,
    );
  const element = h(
    "div",
    { class: "tnb-text-bar", role: "toolbar", "aria-label": t("Text") },
    style,
    font,
    size,
    ...Object.values(flags),
    color,
    ...sides.map(([, button]) => button),
    done(t("Cancel"), false, ""),
    done(t("Done"), true, "tnb-primary"),
  );
  const option = (value: string, label: string) => h("option", { value }, label);
  let families: readonly string[] = [];
  const fillFonts = () => {
    const own = shown && !families.includes(shown.font) ? [shown.font] : [];
    font.replaceChildren(...[...own, ...families].map((name) => option(name, name)));
    if (shown) font.value = shown.font;
  };
  channel.on("fonts", (answer) => {
    families = answer.families;
    fillFonts();
    const styles = answer.styles.map((name) => option(name, t(styleName(name))));
    style.replaceChildren(option("", t("Style")), ...styles);
  });
  return {
    element,
    show: (text) => {
      if (!families.length && !shown) channel.send({ kind: "askFonts" });
      const isOther = shown?.font !== text.font;
      shown = text;
      if (isOther) fillFonts();
      if (document.activeElement !== size) {
        size.value = String(Math.round(text.lettersPx));
      }
      color.value = text.color.slice(0, COLOR_LETTERS);
      for (const [name, button] of Object.entries(flags)) {
        setPressed(button, text[name as keyof typeof flags]);
      }
      for (const [side, button] of sides) setPressed(button, side === text.align);
    },
  };
}

/** A name of a style as a person reads it: "solid_box" is "Solid box". */
function styleName(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
