/** Short notices over a widget, and what is read aloud. */

import type { Channel } from "../channel";
import { t } from "../i18n";
import { h } from "./dom";

const SHOWN_MS = 5_000;

export class Notice {
  readonly element = h("div", { class: "tnb-notice", role: "status", hidden: true });
  #timer = 0;

  /** Say something; it goes away by itself. */
  say(text: string, kind: "info" | "problem" = "info"): void {
    this.element.textContent = text;
    this.element.dataset.kind = kind;
    this.element.hidden = !text;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.clear(), SHOWN_MS);
  }

  /** What went wrong, in the kernel's words. */
  problem = (error: unknown): void => {
    this.say(error instanceof Error ? error.message : String(error), "problem");
  };

  clear(): void {
    this.element.hidden = true;
  }

  close(): void {
    window.clearTimeout(this.#timer);
  }
}

/** A cover for a view whose kernel does not answer: its last picture, and what to do. */
export function lostCover(channel: Channel, still: string): HTMLElement {
  const words = h("p");
  const cover = h("div", { class: "tnb-lost", role: "alert", hidden: true }, words);
  if (still.startsWith("data:image/")) {
    cover.prepend(h("img", { src: still, alt: t("The last picture") }));
  }
  channel.watch((state) => {
    cover.hidden = state !== "lost";
    words.textContent =
      state === "lost"
        ? t("The kernel does not answer. Run this cell again to reconnect.")
        : "";
  });
  return cover;
}
