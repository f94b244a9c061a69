/** Short notices over a widget, read aloud by screen readers. */

import { type Channel, isAbort } from "../channel";
import { t } from "../i18n";
import { h } from "./dom";

const VISIBLE_MS = 5_000;

export class Notice {
  readonly element = h("div", { class: "tnb-notice", role: "status", hidden: true });
  #timer = 0;

  /** Show a message for some seconds. */
  say(text: string, kind: "info" | "problem" = "info"): void {
    this.element.textContent = text;
    this.element.dataset.kind = kind;
    this.element.hidden = !text;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.clear(), VISIBLE_MS);
  }

  /** Show what went wrong; aborted requests are nobody's problem. */
  problem = (error: unknown): void => {
    if (isAbort(error)) return;
    this.say(error instanceof Error ? error.message : String(error), "problem");
  };

  clear(): void {
    this.element.hidden = true;
  }

  close(): void {
    window.clearTimeout(this.#timer);
  }
}

/** An overlay shown while the kernel does not answer: the last picture, and advice. */
export function connectionOverlay(channel: Channel, still: string): HTMLElement {
  const message = h("p");
  const overlay = h(
    "div",
    { class: "tnb-disconnected", role: "alert", hidden: true },
    message,
  );
  if (still.startsWith("data:image/")) {
    overlay.prepend(h("img", { src: still, alt: t("The last picture") }));
  }
  channel.onState((state) => {
    overlay.hidden = state !== "lost";
    message.textContent =
      state === "lost"
        ? t("The kernel does not answer. Run this cell again to reconnect.")
        : "";
  });
  return overlay;
}
