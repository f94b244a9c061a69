/** Wait for one press on the picture. */

import { t } from "../../i18n";
import { h } from "../../ui/dom";

export interface PointPicker {
  /** Lies over the player's screen. */
  readonly layer: { readonly element: HTMLElement; show(number: number): void };
  /** The shares of width and height come to `picked`; Escape ends it. */
  pick(picked: (x: number, y: number) => void): void;
}

export function makePointPicker(): PointPicker {
  let wanted: ((x: number, y: number) => void) | undefined;
  const element = h(
    "div",
    { class: "tnb-pick-point", hidden: true, tabindex: "-1" },
    h("span", { class: "tnb-pick-hint", role: "status" }, t("Press on the picture")),
  );
  const end = () => {
    wanted = undefined;
    element.hidden = true;
  };
  element.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const box = element.getBoundingClientRect();
    const share = (at: number, from: number, length: number) =>
      Number(((at - from) / Math.max(1, length)).toFixed(4));
    wanted?.(
      share(event.clientX, box.left, box.width),
      share(event.clientY, box.top, box.height),
    );
    end();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  });
  return {
    layer: { element, show: () => undefined },
    pick: (picked) => {
      wanted = picked;
      element.hidden = false;
      element.focus({ preventScroll: true });
    },
  };
}
