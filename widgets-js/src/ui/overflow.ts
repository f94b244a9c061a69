/** A bar of controls on one line: what does not fit goes into a menu. */

import { t } from "../i18n";
import { h, iconButton } from "./dom";
import { ICONS } from "./icons";
import { type MenuGroups, openMenu } from "./menu";

export interface BarPart {
  readonly element: HTMLElement;
  /** The part as groups of a menu; a part without is never hidden. */
  readonly choices?: () => MenuGroups;
  /** Parts with less go into the menu first; among equals, the last. */
  readonly rank?: number;
}

export interface OverflowBar {
  /** The button that opens the menu, to be put among the parts. */
  readonly more: HTMLButtonElement;
  /** Find anew what fits. */
  refresh(): void;
  close(): void;
}

/** Hide parts of a bar that does not wrap until the others fit. */
export function overflowBar(
  bar: HTMLElement,
  parts: readonly BarPart[],
  alwaysInMenu: () => MenuGroups = () => [],
): OverflowBar {
  const hidden = new Set<BarPart>();
  const more: HTMLButtonElement = iconButton(ICONS.more, t("More"), () => {
    const box = more.getBoundingClientRect();
    const groups = parts
      .filter((part) => hidden.has(part))
      .flatMap((part) => part.choices?.() ?? []);
    openMenu(more, { x: 0, y: box.height }, [...groups, ...alwaysInMenu()]);
  });
  more.setAttribute("aria-haspopup", "menu");
  const order = parts
    .map((part, place) => ({ part, place }))
    .filter(({ part }) => part.choices)
    .sort((a, b) => (a.part.rank ?? 0) - (b.part.rank ?? 0) || b.place - a.place)
    .map(({ part }) => part);
  let lastPx = -1;
  const refresh = () => {
    lastPx = bar.clientWidth;
    hidden.clear();
    for (const { element } of order) element.classList.remove("tnb-overflown");
    const showMore = () => {
      more.hidden = !hidden.size && !alwaysInMenu().length;
    };
    showMore();
    for (const part of order) {
      if (bar.scrollWidth <= bar.clientWidth) break;
      hidden.add(part);
      part.element.classList.add("tnb-overflown");
      showMore();
    }
  };
  const observer = new ResizeObserver(() => {
    if (bar.clientWidth !== lastPx) refresh();
  });
  observer.observe(bar);
  return { more, refresh, close: () => observer.disconnect() };
}

/** A spacer that pushes what follows to the end of a bar. */
export function barSpacer(): HTMLElement {
  return h("span", { class: "tnb-spacer" });
}
