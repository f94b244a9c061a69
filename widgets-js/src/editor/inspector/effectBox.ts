/** One effect in the inspector: on and off, order, parameters, keyframes, reset. */

import { textOf } from "../../channel";
import { t } from "../../i18n";
import type { Playhead } from "../../playhead";
import type { EffectView, ParameterView } from "../../protocol";
import { h, iconButton } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import type { Control, Target, Value } from "./control";
import { makeControl } from "./controls";
import { makeCurves } from "./curves";
import { makeGroup } from "./group";
import { type Keys, makeKeys, type Span } from "./keys";
import { makeWheel } from "./wheel";

export interface EffectActions {
  enable(view: EffectView, enabled: boolean): void;
  remove(view: EffectView): void;
  reset(view: EffectView): void;
  move(view: EffectView, place: number): void;
  menu(view: EffectView, event: MouseEvent): void;
  compare(view: EffectView): void;
  target(view: EffectView): Target;
  key(view: EffectView, parameter: string, atS: number, clear?: boolean): void;
  ease(view: EffectView, parameter: string, atS: number, easing: string): void;
}

export interface EffectBox {
  readonly element: HTMLElement;
  show(view: EffectView, span: Span): void;
  /** The playhead moved. */
  update(): void;
}

/** Effects whose parameters have one control together. */
const WHEELS = "lift_gamma_gain";
const CURVES = "curves";

/** What changes an effect, but drags. */
const CHANGES = ["click", "input", "change", "blur"];

/** Dragged within the list of effects. */
const EFFECT_ROW = "application/x-timeline-nb-effect-row";

/** The effect that is dragged, as it is now; undefined once it is gone. */
let dragged: (() => EffectView | undefined) | undefined;

/** What is wrong with an effect or a transition that is not in the catalog. */
export function problemOf({
  problem,
}: {
  readonly problem: EffectView["problem"];
}): HTMLElement[] {
  return problem ? [h("p", { class: "tnb-problem" }, textOf(problem))] : [];
}

/** Which controls an effect has: another one needs another box. */
export function shapeOf(view: EffectView): string {
  const parameters = view.parameters.map(({ name, type }) => `${name}:${type}`);
  return JSON.stringify([view.owner, view.name, view.problem, parameters]);
}

/** Make the box; `now` is its effect, undefined once that is gone. */
export function makeEffectBox(
  first: EffectView,
  now: () => EffectView | undefined,
  playhead: Playhead,
  actions: EffectActions,
): EffectBox {
  let view = first;
  const label = t(first.label);
  const on = h("input", {
    type: "checkbox",
    class: "tnb-switch",
    role: "switch",
    "aria-label": t("Enable {name}", { name: label }),
  });
  on.addEventListener("change", () => actions.enable(view, on.checked));
  const small = { class: "tnb-button tnb-small" };
  const group = makeGroup(
    `effect.${first.name}`,
    label,
    [
      iconButton(
        COMPARE,
        t("Before and after: {name}", { name: label }),
        () => actions.compare(view),
        small,
      ),
      iconButton(
        ICONS.undo,
        t("Reset {name}", { name: label }),
        () => actions.reset(view),
        small,
      ),
      iconButton(
        ICONS.close,
        t("Remove {name}", { name: label }),
        () => actions.remove(view),
        small,
      ),
    ],
    { before: [grip(), on] },
  );
  const { element, body } = group;
  element.classList.add("tnb-effect");
  element.dataset.effect = first.name;
  group.title.title = first.name;
  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    event.stopPropagation();
    actions.menu(view, event);
  });
  dragRows(element, now, actions);
  // Another effect may have the number of one that is gone: nothing is done to it.
  for (const type of CHANGES)
    element.addEventListener(
      type,
      (event) => {
        if (now()) return;
        event.preventDefault();
        event.stopPropagation();
      },
      true,
    );
  const parts = makeParts(first, playhead, actions, () => view);
  body.append(...problemOf(first), ...parts.map((part) => part.element));
  return {
    element,
    show: (next, span) => {
      view = next;
      on.checked = next.enabled;
      element.dataset.enabled = String(next.enabled);
      element.dataset.number = String(next.number);
      for (const part of parts) part.show(next.parameters, span);
    },
    update: () => {
      for (const part of parts) part.update();
    },
  };
}

const COMPARE =
  "M1.500 2.500h6v11h-6zM3 4v8h3V4zM8.500 2.500h6v11h-6zM10 4v1.500L13 4zM10 7.500v2l3-3v-2zM10 11.500v.500h2.500l.500-.500v-2z";

function grip(): HTMLElement {
  return h("span", { class: "tnb-grip", "aria-hidden": "true" }, "⠿");
}

interface Part {
  readonly element: HTMLElement;
  show(parameters: readonly ParameterView[], span: Span): void;
  update(): void;
}

function makeParts(
  first: EffectView,
  playhead: Playhead,
  actions: EffectActions,
  now: () => EffectView,
): Part[] {
  const live: Target = {
    draft: (name, value) => actions.target(now()).draft(name, value),
    set: (name, value) => actions.target(now()).set(name, value),
    reset: (name) => actions.target(now()).reset(name),
    cancel: () => actions.target(now()).cancel(),
    rate: () => actions.target(now()).rate(),
    pickFile: (name, anchor) => actions.target(now()).pickFile?.(name, anchor),
    pickPoint: (picked) => actions.target(now()).pickPoint?.(picked),
  };
  if (first.name === WHEELS) return [wheels(first, live, playhead, actions, now)];
  if (first.name === CURVES) {
    const curves = makeCurves(first.parameters, live);
    return [
      {
        element: curves.element,
        show: (parameters) => curves.show(parameters),
        update: () => undefined,
      },
    ];
  }
  return first.parameters.map((parameter) =>
    makeRow(parameter, makeControl(parameter, live), live, playhead, actions, now),
  );
}

function wheels(
  first: EffectView,
  target: Target,
  playhead: Playhead,
  actions: EffectActions,
  now: () => EffectView,
): Part {
  const controls = first.parameters.map((parameter) => makeWheel(parameter, target));
  const keys = first.parameters.map((parameter) =>
    keysOf(parameter, target, playhead, actions, now),
  );
  const columns = controls.map((control, n) => {
    control.element.append(keys[n]?.element ?? "");
    return control.element;
  });
  return {
    element: h("div", { class: "tnb-wheels" }, ...columns),
    show: (parameters, span) => {
      for (const [n, parameter] of parameters.entries()) {
        controls[n]?.show(parameter);
        keys[n]?.show(parameter.keys, parameter.curve, span);
      }
    },
    update: () => {
      for (const one of keys) one.update();
    },
  };
}

function keysOf(
  parameter: ParameterView,
  target: Target,
  playhead: Playhead,
  actions: EffectActions,
  now: () => EffectView,
): Keys {
  const { name } = parameter;
  return makeKeys(t(parameter.label), playhead, target.rate, {
    toggle: (atS) => actions.key(now(), name, atS),
    clear: () => actions.key(now(), name, playhead.seconds, true),
    ease: (atS, easing) => actions.ease(now(), name, atS, easing),
  });
}

/** A row: label, control, reset, keyframes; the curve below. */
function makeRow(
  parameter: ParameterView,
  control: Control,
  target: Target,
  playhead: Playhead,
  actions: EffectActions,
  now: () => EffectView,
): Part {
  const { name } = parameter;
  const label = t(parameter.label);
  const keys = parameter.canBeKeyed
    ? keysOf(parameter, target, playhead, actions, now)
    : undefined;
  const reset = iconButton(
    ICONS.undo,
    t("Reset {name}", { name: label }),
    () => target.reset(name),
    { class: "tnb-button tnb-reset" },
  );
  const line = control.isWhole
    ? [control.element]
    : [
        h("span", { class: "tnb-name", title: t(parameter.doc) }, label),
        control.element,
        reset,
      ];
  const row = h(
    "div",
    { class: "tnb-param", "data-wide": String(control.isWide ?? false) },
    ...line,
    keys?.element ?? h("span", { class: "tnb-keys" }),
  );
  const same = (value: Value, other: Value) =>
    JSON.stringify(value) === JSON.stringify(other);
  return {
    element: h("div", { "data-parameter": name }, row, keys?.below),
    show: (parameters, span) => {
      const next = parameters.find((own) => own.name === name);
      if (!next) return;
      control.show(next);
      reset.hidden = !next.keys.length && same(next.value, next.default);
      row.title = "";
      keys?.show(next.keys, next.curve, span);
    },
    update: () => keys?.update(),
  };
}

/** Rows change their order by drag, and by Alt and an arrow. */
function dragRows(
  element: HTMLElement,
  now: () => EffectView | undefined,
  actions: EffectActions,
): void {
  const handle = element.querySelector<HTMLElement>(".tnb-grip");
  // Only the grip starts a drag: fields keep theirs.
  handle?.addEventListener("pointerdown", () => {
    element.draggable = true;
  });
  element.addEventListener("dragstart", (event) => {
    // Others may come or go meanwhile: what is dragged is known by no number.
    dragged = now;
    event.dataTransfer?.setData(EFFECT_ROW, "moved");
    element.classList.add("tnb-dragged");
  });
  element.addEventListener("dragend", () => {
    dragged = undefined;
    element.draggable = false;
    element.classList.remove("tnb-dragged");
  });
  const isBelow = (event: DragEvent) => {
    const box = element.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  };
  element.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes(EFFECT_ROW)) return;
    event.preventDefault();
    element.dataset.drop = isBelow(event) ? "below" : "above";
  });
  element.addEventListener("dragleave", () => delete element.dataset.drop);
  element.addEventListener("drop", (event) => {
    delete element.dataset.drop;
    if (!event.dataTransfer?.types.includes(EFFECT_ROW)) return;
    event.preventDefault();
    const [from, to] = [dragged?.(), now()];
    if (!from || !to || from.owner !== to.owner) return;
    const below = isBelow(event) ? 1 : 0;
    const place = to.number + below - (from.number < to.number ? 1 : 0);
    actions.move(from, Math.max(0, place));
  });
  element.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    if (!(event.target as HTMLElement).matches(".tnb-group-toggle")) return;
    event.preventDefault();
    event.stopPropagation();
    const view = now();
    const by = event.key === "ArrowUp" ? -1 : 1;
    if (view) actions.move(view, Math.max(0, view.number + by));
  });
}
