/** The history panel: all steps of the edit; a click on one goes there. */

import type { WidgetContext } from "../context";
import { t } from "../i18n";
import type { HistoryView } from "../protocol";
import { h, icon } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { roving } from "../ui/roving";

export interface Panel {
  readonly element: HTMLElement;
  close(): void;
}

/** A step's label in the reader's language, with a capital at its start. */
export function stepLabel(label: string, isFirst: boolean): string {
  const text = isFirst ? t("Beginning") : t(label);
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

interface Row {
  readonly element: HTMLLIElement;
  readonly button: HTMLButtonElement;
  readonly text: HTMLElement;
  readonly saved: HTMLElement;
}

export function makeHistory({ channel, notice }: WidgetContext): Panel {
  const list = h("ol", { class: "tnb-steps", "aria-label": t("History") });
  const element = h("section", { class: "tnb-history" }, list);
  const stops = roving(list);
  const rows: Row[] = [];
  let shown: HistoryView | undefined;
  const goTo = (place: number) => {
    const step = (shown?.first ?? 0) + place;
    channel.request({ kind: "goToStep", step }).catch(notice.problem);
  };
  const show = (history: HistoryView) => {
    const before = shown?.now;
    shown = history;
    while (rows.length > history.labels.length) rows.pop()?.element.remove();
    while (rows.length < history.labels.length) {
      const place = rows.length;
      const row = makeRow(() => goTo(place));
      rows.push(row);
      list.append(row.element);
    }
    for (const [place, row] of rows.entries()) {
      const number = history.first + place;
      const label = stepLabel(history.labels[place] ?? "", number === 0);
      if (row.text.textContent !== label) row.text.textContent = label;
      row.button.classList.toggle("tnb-undone", number > history.now);
      if (number === history.now) row.button.setAttribute("aria-current", "step");
      else row.button.removeAttribute("aria-current");
      row.saved.hidden = number !== history.saved;
    }
    stops.refresh();
    if (history.now !== before) reveal(element, rows[history.now - history.first]);
  };
  channel.on("history", show);
  return { element, close: () => undefined };
}

function makeRow(pick: () => void): Row {
  const text = h("span", { class: "tnb-step-text" });
  const saved = h(
    "span",
    { class: "tnb-step-saved", title: t("Saved"), hidden: true },
    icon(ICONS.check) as unknown as Node,
    h("span", { class: "tnb-spoken" }, t("Saved")),
  );
  const button = h(
    "button",
    { type: "button", class: "tnb-step", on: { click: pick } },
    text,
    saved,
  );
  const element = h("li", { "data-roving-row": "" }, button);
  return { element, button, text, saved };
}

/** Scroll the panel alone, never the page, until a step is seen. */
function reveal(panel: HTMLElement, row: Row | undefined): void {
  if (!row) return;
  const top = row.element.offsetTop - panel.offsetTop;
  const bottom = top + row.element.offsetHeight;
  if (top < panel.scrollTop) panel.scrollTop = top;
  else if (bottom > panel.scrollTop + panel.clientHeight) {
    panel.scrollTop = bottom - panel.clientHeight;
  }
}
