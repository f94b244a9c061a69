/** Tabs: arrows move between them, and one panel is shown. */

import { h } from "./dom";

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly element: HTMLElement;
}

let lastNumber = 0;

/** Make tabs over their panels, with one of them shown. */
export function makeTabs(tabs: readonly Tab[], shown: string): HTMLElement {
  const prefix = `tnb-tabs-${++lastNumber}`;
  const buttons = tabs.map(({ id, label }) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        class: "tnb-tab",
        id: `${prefix}-${id}`,
        "aria-controls": `${prefix}-${id}-panel`,
        on: { click: () => show(id) },
      },
      label,
    ),
  );
  const panels = tabs.map(({ id, element }) =>
    h(
      "div",
      {
        role: "tabpanel",
        id: `${prefix}-${id}-panel`,
        "aria-labelledby": `${prefix}-${id}`,
      },
      element,
    ),
  );
  const show = (wanted: string) => {
    for (const [place, { id }] of tabs.entries()) {
      const isShown = id === wanted;
      buttons[place]?.setAttribute("aria-selected", String(isShown));
      buttons[place]?.setAttribute("tabindex", isShown ? "0" : "-1");
      if (panels[place]) panels[place].hidden = !isShown;
    }
  };
  const list = h("div", { role: "tablist", class: "tnb-tabs" }, ...buttons);
  list.addEventListener("keydown", (event) => {
    const isRtl = getComputedStyle(list).direction === "rtl";
    const ahead = isRtl ? "ArrowLeft" : "ArrowRight";
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = event.key === ahead ? 1 : -1;
    const next = (now + step + buttons.length) % buttons.length;
    show(tabs[next]?.id ?? shown);
    buttons[next]?.focus();
  });
  show(shown);
  return h("div", { class: "tnb-tabbed" }, list, ...panels);
}
