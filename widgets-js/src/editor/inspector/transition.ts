/** The transition at a cut: its kind, its length, its parameters. */

import { t } from "../../i18n";
import type { KindView, TransitionView } from "../../protocol";
import { h } from "../../ui/dom";
import { Press } from "../../ui/press";
import type { InspectorContext } from "./context";
import type { Control, Target } from "./control";
import { makeControl } from "./controls";
import type { DraftChange } from "./drafts";
import { problemOf } from "./effectBox";
import { makeField } from "./field";
import { abandonDrags } from "./gone";
import { makeGroup } from "./group";

export interface TransitionPanel {
  readonly element: HTMLElement;
  show(
    view: TransitionView | undefined,
    kinds: readonly KindView[],
    medium: string,
  ): void;
}

export function makeTransition(
  context: InspectorContext,
  label: string,
  id: string,
): TransitionPanel {
  let view: TransitionView | undefined;
  let shape = "";
  let controls: Control[] = [];
  const select = h("select", { class: "tnb-select", "aria-label": label });
  const body = (fields: object): DraftChange => ({
    kind: "setTransition",
    item: view?.item ?? "",
    transition: view?.name ?? "",
    durationS: view?.durationS || context.transitionS(),
    ...fields,
  });
  select.addEventListener("change", () =>
    context.ask(body({ transition: select.value })),
  );
  const length = makeField({
    name: `transition.${id}`,
    label: t("Duration"),
    unit: "",
    low: 0,
    high: 60,
    rate: context.rate,
    draft: (durationS) => context.drafts.show(body({ durationS })),
    set: (durationS) => context.ask(body({ durationS })),
    cancel: () => context.drafts.cancel(),
  });
  const target: Target = {
    draft: (parameter, value) => context.drafts.show(body({ parameter, value })),
    set: (parameter, value) => context.ask(body({ parameter, value })),
    reset: (parameter) => {
      const value = view?.parameters.find((own) => own.name === parameter)?.default;
      if (value !== undefined) context.ask(body({ parameter, value }));
    },
    cancel: () => context.drafts.cancel(),
    rate: context.rate,
  };
  const group = makeGroup(`transition.${id}`, label);
  const press = new Press(group.element);
  const lengthRow = h("div", { class: "tnb-param" }, length.element);
  const parameters = h("div", {});
  group.body.append(
    h(
      "div",
      { class: "tnb-param" },
      h("span", { class: "tnb-name" }, t("Kind")),
      select,
    ),
    lengthRow,
    parameters,
  );
  const build = (now: TransitionView, offered: readonly KindView[]) => {
    select.replaceChildren(
      h("option", { value: "" }, t("No transition")),
      ...(now.problem ? [h("option", { value: now.name }, t(now.label))] : []),
      ...grouped(offered),
    );
    controls = now.parameters.map((parameter) => makeControl(parameter, target));
    parameters.replaceChildren(
      ...problemOf(now),
      ...now.parameters.map((parameter, n) => {
        const control = controls[n];
        const own = control?.element ?? h("span");
        const children = control?.isWhole
          ? [own]
          : [
              h(
                "span",
                { class: "tnb-name", title: t(parameter.doc) },
                t(parameter.label),
              ),
              own,
            ];
        return h(
          "div",
          { class: "tnb-param", "data-wide": String(control?.isWide ?? false) },
          ...children,
        );
      }),
    );
  };
  return {
    element: group.element,
    show: (next, kinds, medium) => {
      if (view?.item !== next?.item || view?.name !== next?.name)
        abandonDrags(group.element);
      view = next;
      group.element.hidden = !next;
      if (!next) return;
      const wanted = medium === "sound" ? "crossfade" : "transition";
      const offered = kinds.filter((kind) => kind.medium === wanted);
      const now = JSON.stringify([
        next.name,
        next.problem,
        offered.length,
        next.parameters.map(({ name }) => name),
      ]);
      press.after(() => {
        if (now !== shape) {
          shape = now;
          build(next, offered);
        }
        select.value = next.name;
        lengthRow.hidden = !next.name;
        length.show(next.durationS || context.transitionS());
        for (const [n, parameter] of next.parameters.entries())
          controls[n]?.show(parameter);
      });
    },
  };
}

/** Options under their groups. */
export function grouped(kinds: readonly KindView[]): HTMLElement[] {
  const groups = new Map<string, HTMLElement[]>();
  for (const { kind, groupLabel, label, doc } of kinds) {
    const option = h("option", { value: kind, title: t(doc) }, t(label));
    groups.set(groupLabel, [...(groups.get(groupLabel) ?? []), option]);
  }
  return [...groups].map(([label, options]) =>
    h("optgroup", { label: t(label) }, ...options),
  );
}
