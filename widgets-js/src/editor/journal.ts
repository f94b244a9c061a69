/** Steps that were not saved, which can be restored, and who else edits the project. */

import { textOf } from "../channel";
import type { WidgetContext } from "../context";
import { language, t, tn } from "../i18n";
import type { JournalView } from "../protocol";
import { h, icon } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { textRows } from "../ui/keyedRows";
import { stepLabel } from "./history";

/** Lines above the editor: one for steps to restore, and one for another person. */
export function makeJournal({ channel, notice }: WidgetContext): HTMLElement {
  const offer = h("span", {});
  const [details, changes] = makeDetails();
  const ask = (kind: "recover" | "discardRecovery") => () => {
    channel.request({ kind }).catch(notice.problem);
  };
  const recovery = h(
    "div",
    { class: "tnb-journal", "data-testid": "recovery", hidden: true },
    icon(ICONS.warning) as unknown as Node,
    h("div", { class: "tnb-journal-text" }, offer, details),
    button(t("Restore"), ask("recover")),
    button(t("Discard"), ask("discardRecovery")),
  );
  const person = h("span", {});
  const [both, clashes] = makeDetails();
  const elsewhere = h(
    "div",
    { class: "tnb-journal", "data-testid": "elsewhere", hidden: true },
    icon(ICONS.info) as unknown as Node,
    h("div", { class: "tnb-journal-text" }, person, both),
  );
  channel.on("journal", (journal) => {
    recovery.hidden = !journal.steps;
    offer.textContent = journal.steps ? textOfOffer(journal) : "";
    details.hidden = !journal.changes.length;
    changes.show(journal.changes.map(textOf));
    both.hidden = !journal.conflicts.length;
    clashes.show(journal.conflicts.map(textOf));
    elsewhere.hidden = !journal.who;
    person.textContent = journal.who ? textOfPerson(journal) : "";
  });
  return h("div", { class: "tnb-journals", role: "status" }, recovery, elsewhere);
}

/** What can be unfolded, and the changes in it. */
function makeDetails() {
  const list = h("ul", { class: "tnb-journal-changes" });
  const element = h("details", {}, h("summary", {}, t("What they changed")), list);
  return [element, textRows(list, { dir: "auto" })] as const;
}

function button(label: string, run: () => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: "tnb-text-button", on: { click: run } },
    label,
  );
}

function textOfOffer({ steps, label, atS }: JournalView): string {
  const values = { step: stepLabel(label, false), time: timeOf(atS) };
  return tn(
    "{count} step was not saved: “{step}”, {time}",
    "{count} steps were not saved, the last “{step}”, {time}",
    steps,
    values,
  );
}

function textOfPerson(journal: JournalView): string {
  const { sinceS, isFollowed, isShared } = journal;
  // A machine and a notebook have the same names in all languages.
  const name = textOf(journal.who);
  const who = journal.place ? `${name} (${journal.place})` : name;
  const values = { who, time: timeOf(sinceS) };
  if (isShared) {
    return t("{who} edits with you since {time}: each sees all steps", values);
  }
  return isFollowed
    ? t("{who} edits this project since {time}: you see each step", values)
    : t(
        "{who} edits this project since {time}: your steps stay here, and can be saved under another name",
        values,
      );
}

/** A time of today as its clock shows it, of another day with the date. */
function timeOf(seconds: number): string {
  const at = new Date(seconds * 1000);
  const isToday = at.toDateString() === new Date().toDateString();
  const style = isToday
    ? ({ timeStyle: "medium" } as const)
    : ({ dateStyle: "medium", timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(language(), style).format(at);
}
