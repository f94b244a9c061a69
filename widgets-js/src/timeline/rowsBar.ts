/** The vertical scroll bar of the rows; hidden where all rows are in view. */

import { t } from "../i18n";
import { h } from "../ui/dom";
import type { Actions } from "./actions";
import { RULER_PX } from "./geometry";

const LEAST_THUMB_PX = 24;

export interface RowsBar {
  readonly element: HTMLElement;
  update(): void;
}

export function makeRowsBar(actions: Actions, canvasId: string): RowsBar {
  const { state } = actions;
  const thumb = h("i", { class: "tnb-rows-thumb" });
  const element = h(
    "div",
    {
      class: "tnb-rows-bar",
      role: "scrollbar",
      "aria-label": t("Visible tracks"),
      "aria-controls": canvasId,
      "aria-orientation": "vertical",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "data-testid": "rows-bar",
    },
    thumb,
  );
  const sizes = () => {
    const view = Math.max(1, state.height - RULER_PX);
    const total = Math.max(1, state.tops.at(-1) ?? 0);
    const thumbPx = Math.max(LEAST_THUMB_PX, (view * view) / total);
    return { view, total, thumbPx, hidden: total - view };
  };
  let drag: { fromY: number; fromPx: number } | undefined;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.setPointerCapture?.(event.pointerId);
    const { view } = sizes();
    if (event.target !== thumb) {
      const top = thumb.getBoundingClientRect().top;
      state.scroll(event.clientY < top ? -view * 0.9 : view * 0.9);
      actions.redraw();
      return;
    }
    drag = { fromY: event.clientY, fromPx: state.scrollPx };
  });
  element.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const { view, hidden, thumbPx } = sizes();
    const by = ((event.clientY - drag.fromY) * hidden) / Math.max(1, view - thumbPx);
    state.scroll(drag.fromPx + by - state.scrollPx);
    actions.redraw();
  });
  const end = () => {
    drag = undefined;
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  const update = () => {
    const { view, hidden, thumbPx } = sizes();
    element.hidden = hidden <= 0;
    if (element.hidden) return;
    const share = state.scrollPx / hidden;
    thumb.style.height = `${thumbPx}px`;
    thumb.style.top = `${share * (view - thumbPx)}px`;
    element.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  };
  return { element, update };
}
