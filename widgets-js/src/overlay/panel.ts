/** The overlay's controls: labels, score, colors, and pens. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import { h, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { BoxLayer, Pen } from "./cover";
import { colorOf } from "./draw";

export function makePanel(
  model: Model,
  channel: Channel,
  layer: BoxLayer,
): { readonly element: HTMLElement; close(): void } {
  const labels = h("div", {
    class: "tnb-labels",
    role: "group",
    "aria-label": t("Labels"),
  });
  const score = h("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.01,
    "aria-label": t("Least score"),
  });
  const told = h("output", { class: "tnb-score" });
  const names = h("input", { type: "checkbox", checked: true });
  const tracks = h("input", { type: "checkbox" });
  const penLabel = h("input", {
    type: "text",
    class: "tnb-text",
    placeholder: t("label"),
    "aria-label": t("Label of what is drawn"),
  });
  const pens = (["box", "zone", "correct"] as const).map((pen) => {
    const label = penNames()[pen];
    const button = iconButton(ICONS[pen], label, () => {
      setPen(layer.pen === pen ? "none" : pen);
    });
    return [pen, button] as const;
  });
  const setPen = (pen: Pen) => {
    layer.pen = pen;
    for (const [own, button] of pens) setPressed(button, own === pen);
  };
  setPen("none");
  score.addEventListener("input", () => {
    model.set("min_score", score.valueAsNumber);
    model.save_changes();
    follow();
  });
  names.addEventListener("change", () => {
    layer.showLabels = names.checked;
    layer.redraw();
  });
  tracks.addEventListener("change", () => {
    layer.byTrack = tracks.checked;
    layer.redraw();
  });
  penLabel.addEventListener("input", () => {
    layer.penLabel = penLabel.value;
  });
  penLabel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || layer.pen !== "correct" || !penLabel.value) return;
    layer.relabel(penLabel.value);
  });

  const switchLabel = (label: string, on: boolean) => {
    const now = new Set(model.get("visible_classes") as readonly string[]);
    if (on) now.add(label);
    else now.delete(label);
    model.set("visible_classes", [...now]);
    model.save_changes();
    layer.redraw();
  };
  let counts: readonly number[] = [];
  let hasTracks = false;
  const follow = () => {
    const now = new Set(model.get("visible_classes") as readonly string[]);
    score.value = String(model.get("min_score"));
    told.textContent = score.valueAsNumber.toFixed(2);
    const boxes = layer.labels.map((label, number) => {
      const box = h("input", { type: "checkbox", checked: now.has(label) });
      box.addEventListener("change", () => switchLabel(label, box.checked));
      return h(
        "label",
        { class: "tnb-label" },
        box,
        h("i", { style: `background:${colorOf(number)}` }),
        h("span", {}, label),
        h("small", {}, String(counts[number] ?? 0)),
      );
    });
    const focus = [...labels.querySelectorAll("input")].indexOf(
      document.activeElement as HTMLInputElement,
    );
    labels.replaceChildren(...boxes);
    labels.querySelectorAll("input")[focus]?.focus();
    trackChoice.hidden = !hasTracks;
  };
  const trackChoice = h("label", { class: "tnb-label" }, tracks, t("Color by track"));
  const element = h(
    "section",
    { class: "tnb-panel", "aria-label": t("Detections") },
    labels,
    h(
      "div",
      { class: "tnb-row" },
      h("label", { class: "tnb-label" }, t("Score"), score, told),
      h("label", { class: "tnb-label" }, names, t("Names")),
      trackChoice,
      h("span", { class: "tnb-space" }),
      ...pens.map(([, button]) => button),
      penLabel,
    ),
  );
  channel.on("overlay", (view) => {
    counts = view.counts;
    hasTracks = view.hasTracks;
    follow();
  });
  model.on("change:visible_classes", follow);
  model.on("change:min_score", follow);
  const close = () => {
    model.off("change:visible_classes", follow);
    model.off("change:min_score", follow);
  };
  return { element, close };
}

function penNames() {
  return {
    box: t("Draw a box"),
    zone: t("Draw a zone, or a line of two points"),
    correct: t("Correct boxes"),
  } as const;
}
