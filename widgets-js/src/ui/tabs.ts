/** Tabs: arrows move between them, and one panel is shown. */

import { t } from "../i18n";
import { h, iconButton } from "./dom";
import { ICONS } from "./icons";
import { openMenu } from "./menu";

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly element: HTMLElement;
  /** Called each time that its panel comes into sight. */
  onShow?(): void;
}

interface Entry {
  readonly tab: Tab;
  readonly button: HTMLButtonElement;
  readonly panel: HTMLElement;
}

// So long something is held over a tab before it is shown.
const SPRING_MS = 400;
// As in dialogs.css.
const FADE_PX = 28;

let lastNumber = 0;

/** Tabs over their panels, which may come and go; a menu lists all where few fit. */
export class Tabs {
  readonly element: HTMLElement;
  #prefix = `tnb-tabs-${++lastNumber}`;
  #list = h("div", { role: "tablist", class: "tnb-tab-list" });
  #more: HTMLButtonElement = iconButton(ICONS.more, t("More"), () => this.#openMenu(), {
    "aria-haspopup": "menu",
    // What it lists is reached by arrows.
    tabindex: "-1",
    hidden: true,
  });
  #bar = h("div", { class: "tnb-tabs" }, this.#list, this.#more);
  #entries: Entry[] = [];
  #shown = "";
  #springTimer = 0;

  constructor() {
    this.#list.addEventListener("keydown", (event) => this.#onKeyDown(event));
    this.#list.addEventListener("scroll", () => {
      this.#list.toggleAttribute("data-scrolled", this.#list.scrollLeft !== 0);
    });
    this.element = h("div", { class: "tnb-tabbed" }, this.#bar);
    new ResizeObserver(() => this.#fit()).observe(this.#bar);
  }

  /** The id of the tab that is shown; empty without any. */
  get shown(): string {
    return this.#shown;
  }

  get tabs(): readonly Tab[] {
    return this.#entries.map(({ tab }) => tab);
  }

  add(tab: Tab): void {
    const name = `${this.#prefix}-${tab.id}`;
    const button = h(
      "button",
      {
        type: "button",
        role: "tab",
        class: "tnb-tab",
        id: name,
        "aria-controls": `${name}-panel`,
        on: {
          click: () => this.show(tab.id),
          dragenter: () => this.#springSoon(tab.id),
          dragleave: () => window.clearTimeout(this.#springTimer),
          drop: () => window.clearTimeout(this.#springTimer),
        },
      },
      tab.label,
    );
    button.dataset.tab = tab.id;
    const panel = h(
      "div",
      {
        role: "tabpanel",
        class: "tnb-tab-panel",
        id: `${name}-panel`,
        "aria-labelledby": name,
      },
      tab.element,
    );
    this.#entries.push({ tab, button, panel });
    this.#list.append(button);
    this.element.append(panel);
    this.#bar.hidden = this.#entries.length < 2;
    this.#fit();
    if (this.#shown) this.#update();
    else this.show(tab.id);
  }

  /** Take a tab out; its element belongs to the caller again. */
  remove(id: string): Tab | undefined {
    const place = this.#entries.findIndex(({ tab }) => tab.id === id);
    const [entry] = place < 0 ? [] : this.#entries.splice(place, 1);
    if (!entry) return undefined;
    entry.button.remove();
    entry.panel.remove();
    entry.tab.element.remove();
    this.#bar.hidden = this.#entries.length < 2;
    this.#fit();
    if (this.#shown === id) {
      this.#shown = "";
      const next = this.#entries[0];
      if (next) this.show(next.tab.id);
    }
    return entry.tab;
  }

  show(id: string): void {
    const entry = this.#entries.find(({ tab }) => tab.id === id);
    if (!entry) return;
    this.#shown = id;
    this.#update();
    this.#reveal(entry.button);
    entry.tab.onShow?.();
  }

  /** Show a tab that something is held over, so that it can be dropped there. */
  #springSoon(id: string): void {
    window.clearTimeout(this.#springTimer);
    this.#springTimer = window.setTimeout(() => this.show(id), SPRING_MS);
  }

  #fit(): void {
    this.#more.hidden = true;
    this.#more.hidden = this.#list.scrollWidth <= this.#list.clientWidth;
  }

  #openMenu(): void {
    const choices = this.#entries.map(({ tab, button }) => ({
      label: tab.label,
      checked: tab.id === this.#shown,
      pick: () => {
        this.show(tab.id);
        button.focus();
      },
    }));
    openMenu(this.#more, { x: 0, y: this.#more.offsetHeight }, [choices]);
  }

  /** Scroll the tabs alone until one is seen. */
  #reveal(button: HTMLElement): void {
    const [list, own] = [
      this.#list.getBoundingClientRect(),
      button.getBoundingClientRect(),
    ];
    // Where the menu of all tabs is, the list fades out at both ends.
    const fadePx = this.#more.hidden ? 0 : FADE_PX;
    const [left, right] = [list.left + fadePx, list.right - fadePx];
    if (own.left < left) this.#list.scrollLeft -= left - own.left;
    else if (own.right > right) this.#list.scrollLeft += own.right - right;
  }

  #update(): void {
    for (const { tab, button, panel } of this.#entries) {
      const isShown = tab.id === this.#shown;
      button.setAttribute("aria-selected", String(isShown));
      button.setAttribute("tabindex", isShown ? "0" : "-1");
      panel.hidden = !isShown;
    }
  }

  #onKeyDown(event: KeyboardEvent): void {
    const isRtl = getComputedStyle(this.#list).direction === "rtl";
    const ahead = isRtl ? "ArrowLeft" : "ArrowRight";
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const buttons = this.#entries.map(({ button }) => button);
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = event.key === ahead ? 1 : -1;
    const next = this.#entries[(now + step + buttons.length) % buttons.length];
    if (!next) return;
    this.show(next.tab.id);
    next.button.focus();
  }
}

/** Make tabs over their panels, with one of them shown. */
export function makeTabs(tabs: readonly Tab[], shown: string): HTMLElement {
  const made = new Tabs();
  for (const tab of tabs) made.add(tab);
  made.show(shown);
  return made.element;
}
