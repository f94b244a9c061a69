/** A group of the inspector: it collapses, and stays so. */

import { t } from "../../i18n";
import { h, icon } from "../../ui/dom";

const STORED = "timeline_nb.collapsed.";
const CHEVRON = "M5.5 3.5L10 8l-4.5 4.5-1-1L8 8 4.5 4.5z";

export interface Group {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  readonly title: HTMLElement;
}

function isCollapsed(id: string, otherwise: boolean): boolean {
  try {
    const kept = window.localStorage.getItem(STORED + id);
    return kept === null ? otherwise : kept === "1";
  } catch {
    // A page that may keep nothing: each group is open.
    return otherwise;
  }
}

function keep(id: string, collapsed: boolean): void {
  try {
    window.localStorage.setItem(STORED + id, collapsed ? "1" : "0");
  } catch {
    // It is open again next time.
  }
}

/** A group under a heading with buttons beside it. */
export function makeGroup(
  id: string,
  label: string,
  buttons: readonly HTMLElement[] = [],
  { collapsed = false, before = [] as readonly HTMLElement[] } = {},
): Group {
  const body = h("div", { class: "tnb-group-body" });
  const title = h("span", { class: "tnb-group-title" }, label);
  const toggle = h(
    "button",
    {
      type: "button",
      class: "tnb-group-toggle",
      title: t("Arrow keys lead to other groups and into this one"),
    },
    icon(CHEVRON) as unknown as Node,
    title,
  );
  const show = (isShut: boolean) => {
    toggle.setAttribute("aria-expanded", String(!isShut));
    body.hidden = isShut;
  };
  show(isCollapsed(id, collapsed));
  toggle.addEventListener("click", () => {
    const isShut = !body.hidden;
    keep(id, isShut);
    show(isShut);
  });
  const head = h("div", { class: "tnb-group-head" }, ...before, toggle, ...buttons);
  const element = h(
    "section",
    { class: "tnb-group-box", "data-group": id },
    head,
    body,
  );
  return { element, body, title };
}
