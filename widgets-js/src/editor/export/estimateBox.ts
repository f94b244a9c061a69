/** What an export would take: what is reused, the size, the time. */

import { isAbort } from "../../channel";
import { t } from "../../i18n";
import type { ExportEstimate } from "../../protocol";
import { h } from "../../ui/dom";
import { reusedText, sizeText, timeText } from "./words";

export interface EstimateBox {
  readonly element: HTMLElement;
  /** A new estimate is on its way. */
  wait(): void;
  show(estimate: ExportEstimate): void;
  problem(error: unknown): void;
}

export function makeEstimateBox(): EstimateBox {
  const size = h("dd", {});
  const time = h("dd", {});
  const reused = h("p", { class: "tnb-export-reused" });
  const bar = h("div", { class: "tnb-export-bar", "aria-hidden": "true" });
  const problem = h("p", { class: "tnb-problem", role: "alert", hidden: true });
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
  );
  element.dataset.testid = "estimate";
  const say = (text: string) => {
    problem.textContent = text;
    problem.hidden = !text;
    facts.hidden = !!text;
  };
  return {
    element,
    wait: () => {
      element.dataset.state = "waiting";
    },
    show: (estimate) => {
      say(estimate.problem);
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
