/** Keyframes of a parameter: on and off, previous and next, easing, and their curve. */

import { t } from "../../i18n";
import type { Playhead } from "../../playhead";
import type { KeyView } from "../../protocol";
import type { Rate } from "../../time";
import { h, iconButton, setPressed } from "../../ui/dom";
import { ICONS } from "../../ui/icons";

const EASINGS = [
  "linear",
  "ease",
  "ease_in",
  "ease_out",
  "ease_in_out",
  "hold",
  "bezier",
];
const DIAMOND = "M8 2.500L13.500 8 8 13.500 2.500 8z";
const BACK = "M10.500 3.500L6 8l4.500 4.500-1 1L4 8l5.500-5.500z";
const NEXT = "M5.500 3.500L10 8l-4.500 4.500 1 1L12 8 6.500 2.500z";

export interface KeysTarget {
  toggle(atS: number): void;
  clear(): void;
  ease(atS: number, interpolation: string): void;
}

export interface Keys {
  /** Buttons beside the field. */
  readonly element: HTMLElement;
  /** Easing and curve, below the field where there are keyframes. */
  readonly below: HTMLElement;
  show(keys: readonly KeyView[], curve: readonly number[], spanS: Span): void;
  /** The playhead moved. */
  update(): void;
}

/** Where an owner lies on the timeline. */
export interface Span {
  readonly startS: number;
  readonly durationS: number;
}

/** The names of the interpolations, as people read them. */
export function easingLabel(name: string): string {
  const labels: Readonly<Record<string, string>> = {
    linear: t("Linear"),
    ease: t("Ease"),
    ease_in: t("Ease in"),
    ease_out: t("Ease out"),
    ease_in_out: t("Ease in and out"),
    hold: t("Hold"),
    bezier: t("Custom curve"),
  };
  return labels[name] ?? name;
}

export function makeKeys(
  label: string,
  playhead: Playhead,
  rate: () => Rate,
  target: KeysTarget,
): Keys {
  let keys: readonly KeyView[] = [];
  let curve: readonly number[] = [];
  let span: Span = { startS: 0, durationS: 1 };
  const reachS = () => rate().den / rate().num / 2;
  const here = () =>
    keys.find((key) => Math.abs(key.atS - playhead.seconds) < reachS());
  const jump = (to: KeyView | undefined) => {
    if (to) playhead.move(to.atS);
  };
  const before = () =>
    keys.filter((key) => key.atS < playhead.seconds - reachS()).at(-1);
  const after = () => keys.find((key) => key.atS > playhead.seconds + reachS());
  const small = { class: "tnb-button tnb-key-step" };
  const previous = iconButton(
    BACK,
    t("Previous keyframe: {name}", { name: label }),
    () => jump(before()),
    small,
  );
  const next = iconButton(
    NEXT,
    t("Next keyframe: {name}", { name: label }),
    () => jump(after()),
    small,
  );
  const diamond = iconButton(DIAMOND, "", () => target.toggle(playhead.seconds), {
    class: "tnb-button tnb-key",
  });
  const easing = h(
    "select",
    { class: "tnb-select", "aria-label": t("Easing: {name}", { name: label }) },
    ...EASINGS.map((name) => h("option", { value: name }, easingLabel(name))),
  );
  const segment = () =>
    keys.filter((key) => key.atS <= playhead.seconds + reachS()).at(-1) ?? keys[0];
  easing.addEventListener("change", () => {
    const from = segment();
    if (from) target.ease(from.atS, easing.value);
  });
  const clear = iconButton(
    ICONS.trash,
    t("Remove all keyframes: {name}", { name: label }),
    () => target.clear(),
    small,
  );
  const graph = h("canvas", {
    class: "tnb-key-graph",
    "aria-hidden": "true",
    dir: "ltr",
  });
  const element = h("span", { class: "tnb-keys", dir: "ltr" }, previous, diamond, next);
  const below = h("div", { class: "tnb-keys-below" }, graph, easing, clear);
  const draw = () => drawGraph(graph, keys, curve, span, playhead.seconds);
  const update = () => {
    const on = here() !== undefined;
    const text = on
      ? t("Remove the keyframe: {name}", { name: label })
      : t("Add a keyframe: {name}", { name: label });
    diamond.title = text;
    diamond.setAttribute("aria-label", text);
    setPressed(diamond, on);
    diamond.dataset.keys = String(keys.length);
    previous.hidden = next.hidden = !keys.length;
    previous.disabled = !before();
    next.disabled = !after();
    below.hidden = !keys.length;
    easing.value = segment()?.interpolation ?? "linear";
    easing.disabled = segment() === keys.at(-1);
    if (keys.length) draw();
  };
  graph.addEventListener("pointerdown", (event) => {
    const box = graph.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(1, box.width);
    const atS = span.startS + share * span.durationS;
    const nearest = [...keys].sort(
      (a, b) => Math.abs(a.atS - atS) - Math.abs(b.atS - atS),
    )[0];
    jump(nearest);
  });
  new ResizeObserver(() => {
    if (keys.length) draw();
  }).observe(graph);
  return {
    element,
    below,
    show: (found, values, where) => {
      keys = found;
      curve = values;
      span = where;
      update();
    },
    update,
  };
}

function drawGraph(
  canvas: HTMLCanvasElement,
  keys: readonly KeyView[],
  curve: readonly number[],
  { startS, durationS }: Span,
  playheadS: number,
): void {
  const wide = canvas.clientWidth;
  const high = canvas.clientHeight;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(wide * density));
  canvas.height = Math.max(1, Math.round(high * density));
  const context = canvas.getContext("2d");
  if (!context || !wide) return;
  context.scale(density, density);
  const style = getComputedStyle(canvas);
  const xOf = (atS: number) =>
    4 + ((atS - startS) / Math.max(1e-6, durationS)) * (wide - 8);
  const low = Math.min(...curve);
  const span = Math.max(...curve) - low || 1;
  const yOf = (share: number) => {
    const place = Math.min(curve.length - 1, Math.max(0, share)) || 0;
    const [left, right] = [Math.floor(place), Math.ceil(place)];
    const a = curve[left] ?? low;
    const value = a + ((curve[right] ?? a) - a) * (place - left);
    return curve.length ? high - 5 - ((value - low) / span) * (high - 10) : high / 2;
  };
  context.strokeStyle = style.color;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let n = 0; n <= 64; n++) {
    const share = n / 64;
    context.lineTo(4 + share * (wide - 8), yOf(share * (curve.length - 1)));
  }
  context.stroke();
  context.fillStyle = style.getPropertyValue("--tnb-key") || style.color;
  for (const key of keys) {
    const x = xOf(key.atS);
    const share = (key.atS - startS) / Math.max(1e-6, durationS);
    const y = yOf(share * (curve.length - 1));
    context.beginPath();
    context.moveTo(x, y - 4);
    context.lineTo(x + 4, y);
    context.lineTo(x, y + 4);
    context.lineTo(x - 4, y);
    context.fill();
  }
  if (playheadS >= startS && playheadS <= startS + durationS) {
    context.fillStyle = style.getPropertyValue("--tnb-playhead") || "red";
    context.fillRect(Math.round(xOf(playheadS)), 0, 1, high);
  }
}
