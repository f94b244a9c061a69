/** The history panel: all steps of the edit; a click on one goes there. */

import { textOf } from "../channel";
import type { WidgetContext } from "../context";
import { t } from "../i18n";
import type { HistoryView, Said } from "../protocol";
import { h, icon } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { KeyedRows, type Row } from "../ui/keyedRows";
import { roving } from "../ui/roving";

export interface Panel {
  readonly element: HTMLElement;
  close(): void;
}

/** A step's label in the reader's language, with a capital at its start. */
export function stepLabel(label: Said | string, isFirst: boolean): string {
  const own = typeof label === "string" ? t(label) : textOf(label);
  const text = isFirst ? t("Beginning") : own;
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

interface Step {
  readonly number: number;
  readonly label: string;
}

export function makeHistory({ channel, notice }: WidgetContext): Panel {
  const list = h("ol", { class: "tnb-steps", "aria-label": t("History") });
  const element = h("section", { class: "tnb-history" }, list);
  const stops = roving(list);
  let shown: HistoryView | undefined;
  const goTo = (step: number | undefined) => {
    if (step === undefined) return;
    channel.request({ kind: "goToStep", step }).catch(notice.problem);
  };
  let before: number | undefined;
  const rows = new KeyedRows<Step>(list, {
    key: ({ number, label }) => `${number} ${label}`,
    make: (now, { label }) =>
      makeRow(
        label,
        () => goTo(now()?.number),
        () => shown,
      ),
    drawn: () => {
      stops.refresh();
      const now = shown?.now;
      if (now !== before) reveal(element, list.querySelector("[aria-current]"));
      before = now;
    },
  });
  const show = (history: HistoryView) => {
    shown = history;
    const { first, labels } = history;
    rows.show(
      labels.map((label, place) => {
        const number = first + place;
        return { number, label: stepLabel(label, number === 0) };
      }),
    );
  };
  channel.on("history", show);
  return { element, close: () => undefined };
}

function makeRow(
  label: string,
  pick: () => void,
  history: () => HistoryView | undefined,
): Row<Step> {
  const saved = h(
    "span",
    { class: "tnb-step-saved", title: t("Saved"), hidden: true },
    icon(ICONS.check) as unknown as Node,
    h("span", { class: "tnb-spoken" }, t("Saved")),
  );
  const button = h(
    "button",
    { type: "button", class: "tnb-step", on: { click: pick } },
    h("span", { class: "tnb-step-text" }, label),
    saved,
  );
  return {
    element: h("li", { "data-roving-row": "" }, button),
    show: ({ number }) => {
      const { now = 0, saved: savedAt } = history() ?? {};
      button.classList.toggle("tnb-undone", number > now);
      if (number === now) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      saved.hidden = number !== savedAt;
    },
  };
}

/** Scroll the panel alone, never the page, until a step is seen. */
function reveal(panel: HTMLElement, step: HTMLElement | null): void {
  if (!step) return;
  const top = step.offsetTop - panel.offsetTop;
  const bottom = top + step.offsetHeight;
  if (top < panel.scrollTop) panel.scrollTop = top;
  else if (bottom > panel.scrollTop + panel.clientHeight) {
    panel.scrollTop = bottom - panel.clientHeight;
  }
}
