/** The overlay's controls: labels, score, colors, and drawing tools. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import { h, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { KeyedRows, type Row } from "../ui/keyedRows";
import type { BoxLayer, DrawTool } from "./boxLayer";
import { colorOf } from "./draw";

interface Label {
  readonly label: string;
  readonly color: string;
  readonly count: number;
  readonly isVisible: boolean;
}

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
    "aria-label": t("Minimum score"),
  });
  const scoreText = h("output", { class: "tnb-score" });
  const names = h("input", { type: "checkbox", checked: true });
  const tracks = h("input", { type: "checkbox" });
  const drawLabel = h("input", {
    type: "text",
    class: "tnb-text",
    placeholder: t("label"),
    "aria-label": t("Label of new shapes"),
  });
  const toolButtons = (["box", "zone", "correct"] as const).map((tool) => {
    const label = toolNames()[tool];
    const button = iconButton(ICONS[tool], label, () => {
      setTool(layer.tool === tool ? "none" : tool);
    });
    return [tool, button] as const;
  });
  const setTool = (tool: DrawTool) => {
    layer.tool = tool;
    for (const [own, button] of toolButtons) setPressed(button, own === tool);
  };
  setTool("none");
  score.addEventListener("input", () => {
    model.set("min_score", score.valueAsNumber);
    model.save_changes();
    update();
  });
  names.addEventListener("change", () => {
    layer.showLabels = names.checked;
    layer.redraw();
  });
  tracks.addEventListener("change", () => {
    layer.byTrack = tracks.checked;
    layer.redraw();
  });
  drawLabel.addEventListener("input", () => {
    layer.drawLabel = drawLabel.value;
  });
  drawLabel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || layer.tool !== "correct" || !drawLabel.value) return;
    layer.relabel(drawLabel.value);
  });

  const switchLabel = (label: string, on: boolean) => {
    const now = new Set(model.get("visible_classes") as readonly string[]);
    if (on) now.add(label);
    else now.delete(label);
    model.set("visible_classes", [...now]);
    model.save_changes();
    layer.redraw();
  };
  const labelRow = (label: string, color: string): Row<Label> => {
    const box = h("input", { type: "checkbox" });
    const count = h("small");
    box.addEventListener("change", () => switchLabel(label, box.checked));
    return {
      element: h(
        "label",
        { class: "tnb-label" },
        box,
        h("i", { style: `background:${color}` }),
        h("span", {}, label),
        count,
      ),
      show: (now) => {
        box.checked = now.isVisible;
        count.textContent = String(now.count);
      },
    };
  };
  const rows = new KeyedRows<Label>(labels, {
    key: ({ label, color }) => `${color} ${label}`,
    make: (_, { label, color }) => labelRow(label, color),
  });
  let counts: readonly number[] = [];
  let hasTracks = false;
  const update = () => {
    score.value = String(model.get("min_score"));
    scoreText.textContent = score.valueAsNumber.toFixed(2);
    const now = new Set(model.get("visible_classes") as readonly string[]);
    rows.show(
      layer.labels.map((label, number) => ({
        label,
        color: colorOf(layer.colors[number] ?? number),
        count: counts[number] ?? 0,
        isVisible: now.has(label),
      })),
    );
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
      h("label", { class: "tnb-label" }, t("Score"), score, scoreText),
      h("label", { class: "tnb-label" }, names, t("Names")),
      trackChoice,
      h("span", { class: "tnb-spacer" }),
      ...toolButtons.map(([, button]) => button),
      drawLabel,
    ),
  );
  channel.on("overlay", (view) => {
    counts = view.counts;
    hasTracks = view.hasTracks;
    update();
  });
  model.on("change:visible_classes", update);
  model.on("change:min_score", update);
  const close = () => {
    model.off("change:visible_classes", update);
    model.off("change:min_score", update);
  };
  return { element, close };
}

function toolNames() {
  return {
    box: t("Draw a box"),
    zone: t("Draw a zone, or a line of two points"),
    correct: t("Correct boxes"),
  } as const;
}
