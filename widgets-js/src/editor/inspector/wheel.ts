/** A color wheel: a tint by its puck, a level by the slider below. */

import { t } from "../../i18n";
import type { ParameterView } from "../../protocol";
import { h, iconButton } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import { rgbaOf, type Tint, tintOf, tintText } from "./color";
import type { Control, Target } from "./control";
import { followPointer } from "./drag";

/** The puck moves less than the pointer, as on a grading panel; Shift is one to one. */
const SLOW = 0.35;
const STEP = 0.02;

export function makeWheel(view: ParameterView, target: Target): Control {
  const { name } = view;
  const label = t(view.label);
  let tint: Tint = { x: 0, y: 0, level: 0 };
  let from = { x: 0, y: 0, tint };
  let isDragging = false;
  const puck = h("i", { class: "tnb-puck" });
  const disc = h(
    "div",
    {
      class: "tnb-wheel",
      tabindex: "0",
      role: "slider",
      "aria-label": t("{name}: tint", { name: label }),
      "aria-valuenow": "0",
      "data-field": name,
      dir: "ltr",
    },
    puck,
  );
  const level = h("input", {
    type: "range",
    class: "tnb-level",
    min: -1,
    max: 1,
    step: 0.005,
    value: "0",
    "aria-label": t("{name}: level", { name: label }),
  });
  const values = h("span", { class: "tnb-wheel-values", "aria-hidden": "true" });
  const reset = iconButton(
    ICONS.undo,
    t("Reset {name}", { name: label }),
    () => target.reset(name),
    { class: "tnb-button tnb-reset" },
  );
  const write = () => {
    const away = Math.max(1, Math.hypot(tint.x, tint.y));
    puck.style.left = `${50 + (tint.x / away) * 50}%`;
    puck.style.top = `${50 + (tint.y / away) * 50}%`;
    level.value = String(tint.level);
    const { r, g, b } = rgbaOf(tintText(tint));
    const shares = [r, g, b].map((channel) => ((channel - 128) / 127).toFixed(2));
    values.replaceChildren(
      ...shares.map((share, n) => h("i", { "data-channel": "rgb"[n] }, share)),
    );
    disc.setAttribute("aria-valuetext", shares.join(" "));
    reset.hidden = tintText(tint) === "#808080";
  };
  const draft = (next: Tint) => {
    tint = next;
    write();
    target.draft(name, tintText(tint));
  };
  const end = () => {
    isDragging = false;
    target.set(name, tintText(tint));
  };
  followPointer(disc, {
    start: (x, y) => {
      from = { x, y, tint };
      isDragging = true;
      return true;
    },
    move: (x, y, event) => {
      const scale = event.shiftKey ? 2 : 2 * SLOW;
      draft({
        x: from.tint.x + (x - from.x) * scale,
        y: from.tint.y + (y - from.y) * scale,
        level: tint.level,
      });
    },
    end,
    abandon: () => {
      isDragging = false;
    },
  });
  disc.addEventListener("dblclick", () => target.reset(name));
  disc.addEventListener("keydown", (event) => {
    const by = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const [x = 0, y = 0] = by;
    draft({ x: tint.x + x * STEP, y: tint.y + y * STEP, level: tint.level });
    end();
  });
  level.addEventListener("input", () => {
    isDragging = true;
    draft({ ...tint, level: level.valueAsNumber });
  });
  level.addEventListener("change", end);
  const element = h(
    "div",
    { class: "tnb-wheel-box" },
    h("span", { class: "tnb-wheel-head" }, h("span", {}, label), reset),
    disc,
    level,
    values,
  );
  write();
  return {
    element,
    isWhole: true,
    show: (next) => {
      if (isDragging) return;
      tint = tintOf(String(next.value));
      write();
    },
  };
}
