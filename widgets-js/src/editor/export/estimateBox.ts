/** What an export would take: what is reused, the size, the time. */

import { isAbort, textOf } from "../../channel";
import { t } from "../../i18n";
import type { ExportEstimate, ExportHindrance } from "../../protocol";
import { h } from "../../ui/dom";
import { textRows } from "../../ui/keyedRows";
import { sizeText, timeText } from "./status";
import { reusedText } from "./words";

export interface EstimateBox {
  readonly element: HTMLElement;
  /** The id of the text that says why it cannot be exported. */
  readonly problemId: string;
  /** Why it cannot be exported; empty if it can. */
  readonly why: string;
  /** A new estimate is on its way. */
  wait(): void;
  show(estimate: ExportEstimate): void;
  problem(error: unknown): void;
}

/** Make it; `relink` opens the panel that brings back what is offline. */
export function makeEstimateBox(relink: () => void): EstimateBox {
  const size = h("dd", {});
  const time = h("dd", {});
  const reused = h("p", { class: "tnb-export-reused" });
  const bar = h("div", { class: "tnb-export-bar", "aria-hidden": "true" });
  const problem = h("p", { class: "tnb-problem", role: "alert", hidden: true });
  problem.id = `tnb-export-problem-${++lastProblem}`;
  const list = h("ul", { class: "tnb-export-hindrances" });
  const relinkButton = h(
    "button",
    { type: "button", class: "tnb-text-button", on: { click: relink } },
    t("Relink…"),
  );
  const hindrances = h("div", { hidden: true }, list, relinkButton);
  const facts = h(
    "div",
    { class: "tnb-export-estimated" },
    h(
      "dl",
      {},
      h("div", {}, h("dt", {}, t("Estimated size")), size),
      h("div", {}, h("dt", {}, t("Estimated time")), time),
    ),
    bar,
    reused,
  );
  const element = h(
    "section",
    {
      class: "tnb-export-estimate",
      "aria-label": t("Estimate"),
      "aria-live": "polite",
    },
    facts,
    problem,
    hindrances,
  );
  element.dataset.testid = "estimate";
  const rows = textRows(list);
  const say = (text: string, found: readonly ExportHindrance[] = []) => {
    problem.textContent = sentence(text);
    problem.hidden = !text;
    facts.hidden = !!text;
    hindrances.hidden = !found.length;
    relinkButton.hidden = !found.some(({ isFile }) => isFile);
    rows.show(found.map(hindranceText));
  };
  return {
    element,
    problemId: problem.id,
    get why() {
      return problem.hidden ? "" : (problem.textContent ?? "");
    },
    wait: () => {
      element.dataset.state = "waiting";
    },
    show: (estimate) => {
      const { hindrances: found } = estimate;
      const why = t("The film cannot be made: this is not there");
      say(found.length ? why : textOf(estimate.problem), found);
      const { sizeBytes, timeS, isDone, durationS } = estimate;
      element.dataset.state = isDone ? "done" : "planned";
      const unknown = isDone ? t("Not known beforehand") : t("Measuring…");
      size.textContent =
        sizeBytes === null ? unknown : t("About {size}", { size: sizeText(sizeBytes) });
      time.textContent = timeS === null ? unknown : aboutTime(timeS);
      reused.textContent = reusedText(estimate);
      bar.replaceChildren(
        ...(["copied", "cached", "encoded"] as const).map((kind) =>
          part(kind, estimate[`${kind}S`] / Math.max(durationS, 1e-6)),
        ),
      );
    },
    problem: (error) => {
      if (isAbort(error)) return;
      element.dataset.state = "done";
      say(error instanceof Error ? error.message : String(error));
    },
  };
}

let lastProblem = 0;

/** A reason as a sentence of its own. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function hindranceText({ name, isFile, track, at, lack }: ExportHindrance): string {
  const file = textOf(lack) || name;
  const what = isFile ? file : t("the plugin of {effect}", { effect: name });
  if (!track) return what;
  return at
    ? t("{what}: {track} at {at}", { what, track, at })
    : t("{what}: {track}", { what, track });
}

function aboutTime(seconds: number): string {
  if (seconds < 1) return t("A moment");
  return t("About {time}", { time: timeText(seconds) });
}

function part(kind: "copied" | "cached" | "encoded", share: number): HTMLElement {
  const element = h("span", { "data-kind": kind });
  element.style.flexGrow = String(share);
  element.hidden = !share;
  return element;
}
