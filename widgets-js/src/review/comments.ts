/** Comments at times of an edit: a list that leads there, and a form for a new one. */

import { type Channel, isAbort } from "../channel";
import { t } from "../i18n";
import type { Playhead } from "../playhead";
import type { CommentView } from "../protocol";
import { type Rate, timecode } from "../time";
import { h } from "../ui/dom";
import { KeyedRows } from "../ui/keyedRows";
import type { Notice } from "../ui/notice";

const AUTHOR_KEY = "timeline_nb author";

export interface CommentPanel {
  readonly element: HTMLElement;
  close(): void;
}

/** `rate` is that of the edit, once it is known. */
export function makeComments(
  channel: Channel,
  playhead: Playhead,
  notice: Notice,
  rate: () => Rate,
): CommentPanel {
  const list = h("ol", { class: "tnb-comments", "aria-label": t("Comments") });
  const author = h("input", {
    type: "text",
    class: "tnb-text",
    maxlength: 100,
    placeholder: t("Your name"),
    "aria-label": t("Your name"),
  });
  author.value = keptAuthor();
  const text = h("textarea", {
    class: "tnb-text tnb-comment-text",
    rows: 3,
    maxlength: 4000,
    tabindex: 0,
    placeholder: t("Comment on this moment"),
    "aria-label": t("Comment on this moment"),
  });
  const at = h("output", { class: "tnb-clock", dir: "ltr" });
  // Where the range began that the comment is of; none of a moment.
  let from: number | undefined;
  const range = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button tnb-comment-range",
      "aria-pressed": "false",
      title: t("Comment on a range: from here to where the player then is"),
    },
    t("Range from here"),
  );
  range.dataset.testid = "comment-range";
  const send = h(
    "button",
    { type: "button", class: "tnb-text-button tnb-primary" },
    t("Comment"),
  );
  send.dataset.testid = "comment";

  const submit = async () => {
    if (!text.value.trim()) return text.focus();
    keepAuthor(author.value);
    send.disabled = true;
    try {
      await channel.request({
        kind: "addComment",
        ...rangeOf(from, playhead.seconds),
        author: author.value,
        text: text.value,
      });
      text.value = "";
      setFrom(undefined);
    } catch (error) {
      // What was written stays in the form.
      if (!isAbort(error)) notice.problem(error);
    } finally {
      send.disabled = false;
    }
  };
  send.addEventListener("click", () => void submit());
  for (const field of [author, text] as HTMLElement[]) {
    // Keys of the player are letters.
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
    });
  }

  const rows = new KeyedRows<CommentView>(list, {
    key: (comment) => JSON.stringify([comment, clockOf(comment, rate())]),
    make: (_, comment) => ({ element: item(comment, rate(), playhead) }),
  });
  channel.on("comments", ({ comments }) => {
    rows.show(comments);
    list.hidden = !comments.length;
  });
  list.hidden = true;
  const show = () => {
    at.textContent = clockOf(rangeOf(from, playhead.seconds), rate());
  };
  const setFrom = (seconds: number | undefined) => {
    from = seconds;
    range.setAttribute("aria-pressed", String(from !== undefined));
    show();
  };
  range.addEventListener("click", () => {
    setFrom(from === undefined ? playhead.seconds : undefined);
  });
  show();
  const stop = playhead.onMove(show);
  channel.on("playerSource", () => show());
  const element = h(
    "section",
    { class: "tnb-review", "aria-label": t("Comments") },
    h("h3", {}, t("Comments")),
    list,
    h(
      "div",
      { class: "tnb-comment-form", role: "group", "aria-label": t("New comment") },
      author,
      text,
      h(
        "div",
        { class: "tnb-row" },
        at,
        range,
        h("span", { class: "tnb-spacer" }),
        send,
      ),
    ),
  );
  return { element, close: stop };
}

/** Seconds of the edit; a moment lasts 0. */
interface Span {
  readonly atS: number;
  readonly durationS: number;
}

/** The range between two times, whichever is first; of one, that moment. */
export function rangeOf(from: number | undefined, to: number): Span {
  if (from === undefined) return { atS: to, durationS: 0 };
  return { atS: Math.min(from, to), durationS: Math.abs(to - from) };
}

function clockOf({ atS, durationS }: Span, rate: Rate): string {
  const start = timecode(atS, rate);
  return durationS ? `${start} \u2013 ${timecode(atS + durationS, rate)}` : start;
}

function item(comment: CommentView, rate: Rate, playhead: Playhead): HTMLElement {
  const clock = clockOf(comment, rate);
  const written = comment.written ? new Date(comment.written) : undefined;
  const known = written && !Number.isNaN(written.getTime());
  const go = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button",
      on: { click: () => playhead.move(comment.atS) },
    },
    clock,
  );
  return h(
    "li",
    {},
    h(
      "div",
      { class: "tnb-row" },
      go,
      h("strong", {}, comment.author || t("Somebody")),
      h("span", { class: "tnb-hint" }, known ? written.toLocaleString() : ""),
    ),
    h("p", {}, comment.text),
  );
}

function keptAuthor(): string {
  try {
    return localStorage.getItem(AUTHOR_KEY) ?? "";
  } catch {
    return "";
  }
}

function keepAuthor(name: string): void {
  try {
    localStorage.setItem(AUTHOR_KEY, name);
  } catch {
    // A private window keeps nothing.
  }
}
