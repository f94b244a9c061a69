/** The timecode beside the ruler: typed to jump, with the frame and the total. */

import { t } from "../i18n";
import { frameAt, timecode } from "../time";
import { parseTimecode } from "../timecodeText";
import { h } from "../ui/dom";
import type { Actions } from "./actions";

export interface Clock {
  readonly element: HTMLElement;
  /** Have a timecode typed. */
  focus(): void;
  update(): void;
}

export function makeClock(actions: Actions): Clock {
  const { state, playhead } = actions;
  const input = h("input", {
    class: "tnb-timecode",
    dir: "ltr",
    inputmode: "numeric",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": t("Timecode: type one to go there"),
    title: t("Type a timecode to go there: 1:05:00, 1205 or +10"),
    "data-testid": "timecode",
  });
  const frame = h("output", { "aria-label": t("Frame") });
  const total = h("output", { "aria-label": t("Total duration"), dir: "ltr" });
  const element = h(
    "div",
    { class: "tnb-clock-corner" },
    input,
    h(
      "span",
      { class: "tnb-clock-facts" },
      h(
        "span",
        { class: "tnb-clock-frame", title: t("Frame") },
        t("Frame"),
        " ",
        frame,
      ),
      h("span", {}, t("Total"), " ", total),
    ),
  );
  const show = () => {
    input.value = timecode(playhead.seconds, state.timeline.rate);
    input.removeAttribute("aria-invalid");
  };
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", show);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const { rate, durationS } = state.timeline;
    const seconds = parseTimecode(input.value, rate, playhead.seconds);
    input.setAttribute("aria-invalid", String(seconds === undefined));
    if (seconds === undefined) return;
    playhead.move(Math.min(seconds, Math.max(0, durationS)));
    show();
    input.select();
  });
  const update = () => {
    const { rate, durationS } = state.timeline;
    if (document.activeElement !== input) show();
    frame.textContent = String(frameAt(playhead.seconds, rate));
    total.textContent = timecode(durationS, rate);
  };
  return { element, focus: () => input.focus(), update };
}
