/** Notices below a widget or in its status bar, where they cover no work. */

import { type Channel, type Connection, isAbort } from "../channel";
import { t } from "../i18n";
import { runningCode } from "../kernel";
import { h, icon, iconButton } from "./dom";
import { ICONS } from "./icons";
import { KeyedRows } from "./keyedRows";

export interface NoticeAction {
  readonly label: string;
  run(): unknown;
}

type Kind = "info" | "problem";

const VISIBLE_MS = { info: 5_000, problem: 12_000 };
/** With something to press, a notice stays longer. */
const PRESSABLE_MS = 12_000;
const MOST = 3;

interface Said {
  readonly text: string;
  readonly kind: Kind;
  readonly actions: readonly NoticeAction[];
  timer: number;
  /** Pointed at, or with a focus in it that is seen: it stays. */
  isHeld: boolean;
}

export class Notice {
  readonly element = h("div", { class: "tnb-notices", role: "status" });
  #said: readonly Said[] = [];
  #rows = new KeyedRows<Said>(this.element, {
    key: ({ text, kind, actions }) =>
      JSON.stringify([kind, text, actions.map(({ label }) => label)]),
    make: (now, said) => ({ element: this.#notice(now, said) }),
  });

  /** Show a message for some seconds; while it is pointed at, it stays; or remove it. */
  say(
    text: string,
    kind: Kind = "info",
    actions: readonly NoticeAction[] = [],
  ): () => void {
    if (!text) return () => {};
    const before = this.#said.find((one) => one.text === text);
    if (before) this.#drop(before);
    const said = { text, kind, actions, timer: 0, isHeld: before?.isHeld ?? false };
    this.#said = [...this.#said, said];
    while (this.#said.length > MOST) {
      this.#drop(this.#said.find((one) => !one.isHeld) ?? said);
    }
    this.#rows.show(this.#said);
    if (!said.isHeld) this.#start(said);
    return () => this.#remove(said);
  }

  /** Show what went wrong; aborted requests are nobody's problem. */
  problem = (error: unknown): void => {
    if (isAbort(error)) return;
    this.say(error instanceof Error ? error.message : String(error), "problem");
  };

  /** Remove problems: what was wrong has been put right. */
  clear(): void {
    for (const said of this.#said) if (said.kind === "problem") this.#remove(said);
  }

  close(): void {
    for (const { timer } of this.#said) window.clearTimeout(timer);
  }

  #notice(now: () => Said | undefined, { text, kind, actions }: Said): HTMLElement {
    const press = (place?: number) => () => {
      const said = now();
      if (!said) return;
      this.#remove(said);
      if (place !== undefined) said.actions[place]?.run();
    };
    const hold = (isHeld: boolean) => () => {
      const said = now();
      if (!said) return;
      said.isHeld = isHeld;
      window.clearTimeout(said.timer);
      if (!isHeld) this.#start(said);
    };
    const on = {
      pointerenter: hold(true),
      focusin: ({ target }: FocusEvent) => {
        // A click's focus that came from a notice before this one holds nothing.
        if ((target as Element).matches(":focus-visible")) hold(true)();
      },
      pointerleave: hold(false),
      focusout: hold(false),
    };
    return h(
      "div",
      { class: "tnb-notice", "data-kind": kind, on },
      icon(kind === "problem" ? ICONS.warning : ICONS.info) as unknown as Node,
      h("span", { class: "tnb-notice-text" }, text),
      ...actions.map(({ label }, place) =>
        h(
          "button",
          { type: "button", class: "tnb-text-button", on: { click: press(place) } },
          label,
        ),
      ),
      iconButton(ICONS.close, t("Dismiss"), press()),
    );
  }

  #start(said: Said): void {
    const visibleMs = said.actions.length ? PRESSABLE_MS : VISIBLE_MS[said.kind];
    said.timer = window.setTimeout(() => this.#remove(said), visibleMs);
  }

  #remove(said: Said): void {
    this.#drop(said);
    this.#rows.show(this.#said);
  }

  #drop(said: Said): void {
    window.clearTimeout(said.timer);
    this.#said = this.#said.filter((one) => one !== said);
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
