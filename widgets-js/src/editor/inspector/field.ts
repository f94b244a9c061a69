/** A field for one number or time: label to scrub, unit within, expressions, reset. */

import { t } from "../../i18n";
import type { Rate } from "../../time";
import { h, iconButton, isTyped } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import { numberIn, secondsIn, shortTime } from "./expression";
import { scrubbable } from "./scrub";

export interface FieldSpec {
  readonly name: string;
  readonly label: string;
  /** Spoken, where the label is one letter. */
  readonly spoken?: string;
  readonly title?: string;
  readonly unit: string;
  /** What the field shows per stored unit. */
  readonly factor?: number;
  readonly low?: number;
  readonly high?: number;
  /** The stored value that reset sets. */
  readonly preset?: number;
  readonly isWhole?: boolean;
  /** Of a time: the rate of its frames. */
  rate?(): Rate;
  /** Show a value while it is dragged. */
  draft?(value: number): void;
  set(value: number): void;
  /** Go back to the default; without it, `preset` is set. */
  reset?(): void;
  cancel?(): void;
}

export interface Field {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** Show a stored value; undefined where several clips differ. */
  show(value: number | undefined): void;
}

/** What a pixel or an arrow changes, in what the field shows. */
export function stepOf(spec: FieldSpec): number {
  if (spec.isWhole || spec.unit === "°") return 1;
  if (spec.unit === "dB") return 0.1;
  if (spec.rate) return spec.rate().den / spec.rate().num;
  const { factor = 1, low = -1000, high = 1000 } = spec;
  const span = (high - low) * factor;
  if (span <= 2) return 0.01;
  if (span <= 20) return 0.05;
  if (span <= 60) return 0.1;
  if (span <= 500) return 0.5;
  return span > 5_000 && spec.unit !== "%" ? 10 : 1;
}

/** A number without a tail of rounding errors. */
export function plain(value: number, step = 0.01): string {
  const digits = step >= 1 ? 1 : step >= 0.1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}

export function makeField(spec: FieldSpec): Field {
  const { factor = 1, low = Number.NEGATIVE_INFINITY, high = Infinity } = spec;
  let stored: number | undefined;
  let isMixed = false;
  let isTyping = false;
  const step = () => stepOf(spec);
  const input = h("input", {
    type: "text",
    inputmode: spec.rate ? "text" : "decimal",
    class: "tnb-value",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": spec.spoken ?? spec.label,
    title: spec.title ?? "",
    "data-field": spec.name,
    dir: "ltr",
  });
  const label = h("span", { class: "tnb-name", title: spec.title ?? "" }, spec.label);
  const reset = iconButton(
    ICONS.undo,
    t("Reset {name}", { name: spec.spoken ?? spec.label }),
    () => (spec.reset ? spec.reset() : spec.set(spec.preset ?? 0)),
    { class: "tnb-button tnb-reset", tabindex: "-1" },
  );
  reset.hidden = true;
  const clamp = (shown: number) => {
    const whole = spec.isWhole ? Math.round(shown) : shown;
    return Math.min(high * factor, Math.max(low * factor, whole));
  };
  const textOf = (value: number) =>
    spec.rate ? shortTime(value, spec.rate()) : plain(value * factor, step());
  const write = () => {
    input.placeholder = isMixed ? t("Mixed") : "";
    input.value = stored === undefined ? "" : textOf(stored);
    input.style.setProperty("--tnb-chars", String(Math.max(1, input.value.length)));
    const at = spec.preset;
    reset.hidden =
      at === undefined || (!isMixed && textOf(stored ?? at) === textOf(at));
  };
  const read = (): number | undefined => {
    const now = (stored ?? 0) * factor;
    return spec.rate
      ? secondsIn(input.value, spec.rate(), now)
      : numberIn(input.value, now);
  };
  const commit = () => {
    if (!isTyping) return;
    isTyping = false;
    const shown = read();
    if (shown === undefined) return revert();
    const value = clamp(shown) / factor;
    if (stored !== undefined && textOf(value) === textOf(stored)) return revert();
    stored = value;
    isMixed = false;
    write();
    spec.set(value);
  };
  const revert = () => {
    isTyping = false;
    write();
  };
  const draft = (shown: number) => {
    input.value = spec.rate ? shortTime(shown, spec.rate()) : plain(shown, step());
    spec.draft?.(shown / factor);
  };
  input.addEventListener("input", () => {
    isTyping = true;
  });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("change", commit);
  input.addEventListener("blur", commit);
  input.addEventListener("keydown", (event) => {
    if (isTyped(event)) event.stopPropagation();
    if (event.key === "Enter") {
      isTyping = true;
      commit();
      input.select();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      revert();
      spec.cancel?.();
      input.blur();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const by = (event.key === "ArrowUp" ? 1 : -1) * step();
      const times = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
      const now = read() ?? (stored ?? 0) * factor;
      isTyping = true;
      draft(clamp(now + by * times));
    }
  });
  scrubbable(
    label,
    {
      value: () => (isMixed ? undefined : (stored ?? 0) * factor),
      get perPx() {
        return spec.rate ? step() : step() * (spec.isWhole ? 0.15 : 1);
      },
      clamp: (value) =>
        spec.isWhole ? Math.min(high, Math.max(low, value)) : clamp(value),
      move: draft,
      end: (value) => {
        stored = clamp(value) / factor;
        write();
        spec.set(stored);
      },
      cancel: () => {
        write();
        spec.cancel?.();
      },
    },
    () => input.focus(),
  );
  const unit = spec.unit
    ? [h("span", { class: "tnb-unit", "aria-hidden": "true" }, spec.unit)]
    : [];
  const box = h("span", { class: "tnb-box", dir: "ltr" }, input, ...unit);
  box.addEventListener("pointerdown", (event) => {
    if (event.target === input) return;
    event.preventDefault();
    input.focus();
  });
  const element = h("div", { class: "tnb-entry" }, label, box, reset);
  return {
    element,
    input,
    show: (value) => {
      isMixed = value === undefined;
      stored = value;
      if (!isTyping) write();
    },
  };
}
