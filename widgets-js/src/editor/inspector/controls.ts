/** A control for each type of parameter. */

import { t } from "../../i18n";
import type { ParameterView } from "../../protocol";
import { h, iconButton, isTyped } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import { colorText, rgbaOf } from "./color";
import type { Control, Target } from "./control";
import { type Point, pointsIn } from "./curveShape";
import { followPointer } from "./drag";
import { type Field, makeField } from "./field";

const RECALL_MS = 300;

function numberControl(view: ParameterView, target: Target): Control {
  const { name, unit, factor, low, high } = view;
  const field = makeField({
    name,
    label: t(view.label),
    title: t(view.doc),
    unit,
    factor,
    low,
    high,
    preset: Number(view.default),
    isWhole: view.type === "integer",
    draft: (value) => target.draft(name, value),
    set: (value) => target.set(name, value),
    reset: () => target.reset(name),
    cancel: () => target.cancel(),
  });
  const dial = unit === "°" ? makeDial(view, target, field) : undefined;
  if (dial) field.element.append(dial.element);
  return {
    element: field.element,
    isWhole: true,
    show: (next) => {
      field.show(Number(next.value));
      dial?.show(Number(next.value));
    },
  };
}

/** A dial of an angle, beside its number. */
function makeDial(view: ParameterView, target: Target, field: Field) {
  const hand = h("i", {});
  const element = h("span", { class: "tnb-dial", "aria-hidden": "true" }, hand);
  let degrees = 0;
  const show = (value: number) => {
    degrees = value;
    hand.style.transform = `rotate(${value}deg)`;
  };
  followPointer(element, {
    move: (x, y, event) => {
      const angle = (Math.atan2(y - 0.5, x - 0.5) * 180) / Math.PI;
      const turns = Math.round((degrees - angle) / 360);
      const free = angle + turns * 360;
      const snapped = event.shiftKey ? Math.round(free / 15) * 15 : Math.round(free);
      const value = Math.min(view.high, Math.max(view.low, snapped));
      show(value);
      field.show(value);
      target.draft(view.name, value);
    },
    end: () => target.set(view.name, degrees),
  });
  return { element, show };
}

function choiceControl(view: ParameterView, target: Target): Control {
  const { name } = view;
  const select = h(
    "select",
    { class: "tnb-select", "aria-label": t(view.label), "data-field": name },
    ...view.choices.map((choice, n) =>
      h("option", { value: choice }, t(view.choiceLabels[n] ?? choice)),
    ),
  );
  select.addEventListener("change", () => target.set(name, select.value));
  return {
    element: select,
    show: (next) => {
      select.value = String(next.value);
    },
  };
}

function booleanControl(view: ParameterView, target: Target): Control {
  const box = h("input", {
    type: "checkbox",
    class: "tnb-switch",
    role: "switch",
    "aria-label": t(view.label),
    "data-field": view.name,
  });
  box.addEventListener("change", () => target.set(view.name, box.checked));
  return {
    element: box,
    show: (next) => {
      box.checked = next.value === true;
    },
  };
}

function colorControl(view: ParameterView, target: Target): Control {
  const { name } = view;
  const label = t(view.label);
  let now = rgbaOf("#000000");
  let isPicking = false;
  const well = h("input", { type: "color", "aria-label": label, "data-field": name });
  const code = h("input", {
    type: "text",
    class: "tnb-value tnb-code-field",
    "aria-label": t("{name}: hexadecimal", { name: label }),
    spellcheck: "false",
    dir: "ltr",
  });
  const alpha = makeField({
    name: `${name}.alpha`,
    label: t("A"),
    spoken: t("{name}: opacity", { name: label }),
    unit: "%",
    factor: 100,
    low: 0,
    high: 1,
    draft: (value) => target.draft(name, colorText({ ...now, a: value * 255 })),
    set: (value) => target.set(name, colorText({ ...now, a: value * 255 })),
    cancel: () => target.cancel(),
  });
  const picked = () => ({ ...rgbaOf(well.value), a: now.a });
  let timer = 0;
  well.addEventListener("input", () => {
    isPicking = true;
    code.value = well.value;
    target.draft(name, colorText(picked()));
    // Some pickers never say that they were closed.
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      isPicking = false;
    }, RECALL_MS * 20);
  });
  well.addEventListener("change", () => {
    isPicking = false;
    target.set(name, colorText(picked()));
  });
  code.addEventListener("keydown", (event) => {
    if (isTyped(event)) event.stopPropagation();
    if (event.key === "Enter" || event.key === "Escape") code.blur();
  });
  code.addEventListener("change", () => {
    const text = code.value.trim().replace(/^#?/, "#");
    if (/^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text))
      target.set(name, text.toLowerCase());
    else write();
  });
  const write = () => {
    well.value = colorText({ ...now, a: 255 });
    if (document.activeElement !== code) code.value = well.value;
    alpha.show(now.a / 255);
  };
  return {
    element: h("span", { class: "tnb-color" }, well, code, alpha.element),
    show: (next) => {
      if (isPicking) return;
      now = rgbaOf(String(next.value));
      write();
    },
  };
}

function pointControl(view: ParameterView, target: Target): Control {
  const { name, unit, factor, low, high } = view;
  let now: readonly number[] = [0, 0];
  const preset = Array.isArray(view.default) ? view.default : [0.5, 0.5];
  const axes = ["X", "Y"].map((axis, n) =>
    makeField({
      name: `${name}.${axis.toLowerCase()}`,
      label: axis,
      spoken: `${t(view.label)} ${axis}`,
      title: t(view.doc),
      unit,
      factor,
      low,
      high,
      draft: (value) => target.draft(name, withAxis(n, value)),
      set: (value) => target.set(name, withAxis(n, value)),
      cancel: () => target.cancel(),
    }),
  );
  const withAxis = (axis: number, value: number) =>
    now.map((own, n) => (n === axis ? value : own));
  const reset = iconButton(
    ICONS.undo,
    t("Reset {name}", { name: t(view.label) }),
    () => target.reset(name),
    { class: "tnb-button tnb-reset" },
  );
  const pick = target.pickPoint
    ? [
        iconButton(
          PICK,
          t("Pick {name} on the picture", { name: t(view.label) }),
          () => target.pickPoint?.((x, y) => target.set(name, [x, y])),
          { class: "tnb-button tnb-pick" },
        ),
      ]
    : [];
  return {
    element: h(
      "span",
      { class: "tnb-pair" },
      ...axes.map((axis) => axis.element),
      ...pick,
      reset,
    ),
    show: (next) => {
      now = Array.isArray(next.value) ? next.value : [0, 0];
      for (const [n, axis] of axes.entries()) axis.show(Number(now[n] ?? 0));
      reset.hidden = now.every((own, n) => Math.abs(own - Number(preset[n])) < 1e-6);
    },
  };
}

/** A cross in a ring. */
const PICK =
  "M7.300 1h1.400v2.600a4.500 4.500 0 0 1 3.700 3.700H15v1.400h-2.600a4.500 4.500 0 0 1-3.700 3.700V15H7.300v-2.600a4.500 4.500 0 0 1-3.700-3.700H1V7.300h2.600a4.500 4.500 0 0 1 3.700-3.700zM8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z";

/** The corners of a polygon, dragged on a small picture of the canvas. */
function polygonControl(view: ParameterView, target: Target): Control {
  const { name } = view;
  let corners: Point[] = [];
  let chosen = -1;
  let isDragging = false;
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 160 90");
  const shape = document.createElementNS(SVG, "polygon");
  svg.append(shape);
  const pad = h(
    "div",
    {
      class: "tnb-polygon",
      tabindex: "0",
      role: "application",
      "aria-label": t("{name}: press to add a corner, drag it, Delete removes it", {
        name: t(view.label),
      }),
      "data-field": name,
      dir: "ltr",
    },
    svg as unknown as Node,
  );
  const draw = () => {
    shape.setAttribute(
      "points",
      corners.map(([x, y]) => `${x * 160},${y * 90}`).join(" "),
    );
    const dots = corners.map(([x, y], n) => {
      const dot = document.createElementNS(SVG, "circle");
      dot.setAttribute("cx", String(x * 160));
      dot.setAttribute("cy", String(y * 90));
      dot.setAttribute("r", n === chosen ? "4" : "3");
      return dot;
    });
    svg.replaceChildren(shape, ...dots);
  };
  const text = () => JSON.stringify(corners);
  followPointer(pad, {
    start: (x, y) => {
      isDragging = true;
      chosen = corners.findIndex(
        ([px, py]) => Math.hypot((px - x) * 16, (py - y) * 9) < 1,
      );
      if (chosen < 0) {
        corners = [...corners, [x, y]];
        chosen = corners.length - 1;
      }
      return true;
    },
    move: (x, y) => {
      const place: Point = [Number(x.toFixed(4)), Number(y.toFixed(4))];
      corners = corners.map((own, n) => (n === chosen ? place : own));
      draw();
      target.draft(name, text());
    },
    end: () => {
      isDragging = false;
      target.set(name, text());
    },
    abandon: () => {
      isDragging = false;
    },
  });
  pad.addEventListener("keydown", (event) => {
    if (!["Delete", "Backspace"].includes(event.key) || chosen < 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (corners.length <= 3) return;
    corners = corners.filter((_, n) => n !== chosen);
    chosen = -1;
    draw();
    target.set(name, text());
  });
  return {
    element: pad,
    isWide: true,
    show: (next) => {
      if (isDragging) return;
      corners = pointsIn(String(next.value));
      draw();
    },
  };
}

function textControl(view: ParameterView, target: Target): Control {
  const { name } = view;
  let known = "";
  const input = h("input", {
    type: "text",
    class: "tnb-text",
    "aria-label": t(view.label),
    "data-field": name,
  });
  input.addEventListener("keydown", (event) => {
    if (isTyped(event)) event.stopPropagation();
    if (event.key === "Enter") input.blur();
    if (event.key === "Escape") {
      input.value = known;
      input.blur();
    }
  });
  input.addEventListener("change", () => {
    if (input.value !== known) target.set(name, input.value);
  });
  return {
    element: input,
    show: (next) => {
      const text = String(next.value);
      // What is being typed stays.
      if (document.activeElement !== input || input.value === known) input.value = text;
      known = text;
    },
  };
}

function fileControl(view: ParameterView, target: Target): Control {
  const path = textControl(view, target);
  const choose = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button",
      on: { click: () => target.pickFile?.(view.name, choose) },
    },
    t("Choose…"),
  );
  const more = target.pickFile ? [choose] : [];
  return { ...path, element: h("span", { class: "tnb-file" }, path.element, ...more) };
}

const MAKERS: Readonly<
  Record<string, (view: ParameterView, target: Target) => Control>
> = {
  number: numberControl,
  integer: numberControl,
  boolean: booleanControl,
  choice: choiceControl,
  color: colorControl,
  point: pointControl,
  points: polygonControl,
  file: fileControl,
};

/** The control of a parameter, by its type. */
export function makeControl(view: ParameterView, target: Target): Control {
  return (MAKERS[view.type] ?? textControl)(view, target);
}
