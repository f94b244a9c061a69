/** Notices below a widget or in its status bar, where they cover no work. */

import { type Channel, type Connection, isAbort } from "../channel";
import { t } from "../i18n";
import { runningCode } from "../kernel";
import { h, icon, iconButton } from "./dom";
import { ICONS } from "./icons";

export interface NoticeAction {
  readonly label: string;
  run(): unknown;
}

type Kind = "info" | "problem";

const VISIBLE_MS = { info: 5_000, problem: 12_000 };
/** With something to press, a notice stays longer. */
const PRESSABLE_MS = 12_000;
const MOST = 3;

export class Notice {
  readonly element = h("div", { class: "tnb-notices", role: "status" });
  #timers = new Map<HTMLElement, number>();

  /** Show a message for some seconds; while it is pointed at, it stays; or remove it. */
  say(
    text: string,
    kind: Kind = "info",
    actions: readonly NoticeAction[] = [],
  ): () => void {
    if (!text) return () => {};
    this.#withText(text)?.remove();
    const notice = h(
      "div",
      { class: "tnb-notice", "data-kind": kind },
      icon(kind === "problem" ? ICONS.warning : ICONS.info) as unknown as Node,
      h("span", { class: "tnb-notice-text" }, text),
      ...actions.map((action) => this.#button(action)),
      iconButton(ICONS.close, t("Dismiss"), () => this.#remove(notice)),
    );
    const visibleMs = actions.length ? PRESSABLE_MS : VISIBLE_MS[kind];
    const start = () => this.#start(notice, visibleMs);
    const hold = () => window.clearTimeout(this.#timers.get(notice));
    for (const event of ["pointerenter", "focusin"])
      notice.addEventListener(event, hold);
    for (const event of ["pointerleave", "focusout"])
      notice.addEventListener(event, start);
    this.element.append(notice);
    while (this.element.children.length > MOST)
      this.#remove(this.element.firstElementChild as HTMLElement);
    start();
    return () => this.#remove(notice);
  }

  /** Show what went wrong; aborted requests are nobody's problem. */
  problem = (error: unknown): void => {
    if (isAbort(error)) return;
    this.say(error instanceof Error ? error.message : String(error), "problem");
  };

  /** Remove problems: what was wrong has been put right. */
  clear(): void {
    const problems = this.element.querySelectorAll<HTMLElement>(
      ':scope > [data-kind="problem"]',
    );
    for (const notice of problems) this.#remove(notice);
  }

  close(): void {
    for (const timer of this.#timers.values()) window.clearTimeout(timer);
    this.#timers.clear();
  }

  #button({ label, run }: NoticeAction): HTMLButtonElement {
    const button = h("button", { type: "button", class: "tnb-text-button" }, label);
    button.addEventListener("click", () => {
      this.#remove(button.parentElement as HTMLElement);
      run();
    });
    return button;
  }

  #withText(text: string): HTMLElement | undefined {
    const shown = [...this.element.children] as HTMLElement[];
    return shown.find(
      (notice) => notice.querySelector(".tnb-notice-text")?.textContent === text,
    );
  }

  #start(notice: HTMLElement, visibleMs: number): void {
    window.clearTimeout(this.#timers.get(notice));
    const end = () => this.#remove(notice);
    this.#timers.set(notice, window.setTimeout(end, visibleMs));
  }

  #remove(notice: HTMLElement): void {
    window.clearTimeout(this.#timers.get(notice));
    this.#timers.delete(notice);
    notice.remove();
  }
}

/** An overlay while the kernel does not answer: the last picture, and what to do. */
export function connectionOverlay(channel: Channel, still: () => string): HTMLElement {
  const message = h("p");
  const picture = h("img", { alt: t("The last picture") });
  const overlay = h(
    "div",
    { class: "tnb-disconnected", role: "status", hidden: true },
    picture,
    message,
  );
  channel.onState((state) => {
    overlay.hidden = state !== "lost" && state !== "busy";
    overlay.dataset.state = state;
    // A busy kernel answers soon: the editor stays in sight below a line.
    picture.hidden = state !== "lost" || !still().startsWith("data:image/");
    if (!picture.hidden) picture.src = still();
    message.textContent = overlay.hidden ? "" : textOf(state, overlay);
  });
  return overlay;
}

function textOf(state: Connection, overlay: HTMLElement): string {
  if (state === "lost") {
    return t("The kernel does not answer. Run this cell again to reconnect.");
  }
  const code = runningCode(overlay);
  return code
    ? t("The kernel runs “{code}”: it answers when that is done.", { code })
    : t("The kernel is busy: it answers when it is done.");
}
