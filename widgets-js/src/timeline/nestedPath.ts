/** The way into a nested timeline: a line of names that lead back out. */

import { t } from "../i18n";
import { h } from "../ui/dom";
import { KeyedRows } from "../ui/keyedRows";
import type { Actions } from "./actions";

export interface NestedPath {
  readonly element: HTMLElement;
  /** Show the names of the timelines from the edit's to the one that is open. */
  show(names: readonly string[]): void;
}

export function makeNestedPath(actions: Actions): NestedPath {
  const list = h("ol", {});
  const element = h(
    "nav",
    { class: "tnb-nested-path", "aria-label": t("Open timelines"), hidden: true },
    list,
  );
  const rows = new KeyedRows<readonly [string, number, boolean]>(list, {
    make: (_, [name, depth, isLast]) => ({
      element: h(
        "li",
        {},
        isLast
          ? h("span", { "aria-current": "location" }, name)
          : h(
              "button",
              {
                type: "button",
                title: t("Go back to {name}", { name }),
                on: { click: () => void actions.closeNested(depth) },
              },
              name,
            ),
      ),
    }),
  });
  const show = (names: readonly string[]) => {
    element.hidden = names.length < 2;
    rows.show(names.map((name, depth) => [name, depth, depth === names.length - 1]));
  };
  return { element, show };
}
