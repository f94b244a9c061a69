/** Menus in the page's top layer: arrows move, letters find, Escape closes. */

import { h, takesText } from "./dom";

export interface Choice {
  readonly label: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  pick(): void;
}

/** An item that opens a menu beside it. */
export interface Submenu {
  readonly label: string;
  readonly disabled?: boolean;
  readonly groups: MenuGroups;
}

export type MenuGroups = readonly (readonly (Choice | Submenu)[])[];

interface Point {
  readonly x: number;
  readonly y: number;
}

const EDGE_PX = 4;

/** Open a menu at pixels of `host`, with a line between groups; returns what closes it. */
export function openMenu(host: HTMLElement, at: Point, groups: MenuGroups): () => void {
  const box = host.getBoundingClientRect();
  return openAt(host, { x: box.left + at.x, y: box.top + at.y }, groups);
}

/** Open a menu of its own on an element, by the mouse, Shift+F10 or the menu key. */
export function contextMenu(
  element: HTMLElement,
  groupsOf: (event: MouseEvent | KeyboardEvent) => MenuGroups,
): () => void {
  const open = (event: MouseEvent | KeyboardEvent, at: Point) => {
    const groups = groupsOf(event);
    event.preventDefault();
    event.stopPropagation();
    openAt(element, at, groups);
  };
  const onContextMenu = (event: MouseEvent) => {
    if (event.defaultPrevented) return;
    // A field has the browser's menu, with spelling and the clipboard.
    if (takesText(event.target)) event.stopPropagation();
    else open(event, { x: event.clientX, y: event.clientY });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isMenuKey =
      event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
    if (!isMenuKey || event.defaultPrevented || takesText(event.target)) return;
    const box = (event.target as Element).getBoundingClientRect();
    open(event, {
      x: box.left + Math.min(24, box.width / 2),
      y: box.top + Math.min(24, box.height),
    });
  };
  element.addEventListener("contextmenu", onContextMenu);
  element.addEventListener("keydown", onKeyDown);
  return () => {
    element.removeEventListener("contextmenu", onContextMenu);
    element.removeEventListener("keydown", onKeyDown);
  };
}

/** Where menus and dialogs are put: in the dialog or the widget around an element. */
export function layerHost(element: Element): HTMLElement {
  return element.closest<HTMLElement>("dialog[open], .tnb") ?? (element as HTMLElement);
}

function openAt(anchor: HTMLElement, at: Point, groups: MenuGroups): () => void {
  const shown = groups.filter((group) => group.length);
  if (!shown.length) return () => undefined;
  const before = document.activeElement;
  const close = (keepsFocus = false) => {
    root.close();
    document.removeEventListener("pointerdown", closeOutside, true);
    window.removeEventListener("blur", closeNow);
    window.removeEventListener("resize", closeNow);
    if (!keepsFocus && before instanceof HTMLElement)
      before.focus({ preventScroll: true });
  };
  const closeNow = () => close(true);
  const closeOutside = (event: PointerEvent) => {
    if (!(event.target as Element).closest?.(".tnb-menu")) close();
  };
  const host = layerHost(anchor);
  const root = new Menu(host, shown, close);
  root.place({ left: at.x, right: at.x, top: at.y, bottom: at.y }, "below");
  document.addEventListener("pointerdown", closeOutside, true);
  window.addEventListener("blur", closeNow);
  window.addEventListener("resize", closeNow);
  root.focusFirst();
  return close;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

class Menu {
  readonly element = h("div", { class: "tnb-menu", role: "menu", tabindex: "-1" });
  #child: Menu | undefined;
  #typed = "";
  #typedAt = 0;

  constructor(
    readonly host: HTMLElement,
    groups: MenuGroups,
    readonly closeAll: () => void,
    readonly parent?: Menu,
  ) {
    for (const [number, group] of groups.entries()) {
      if (number) this.element.append(h("hr"));
      for (const choice of group) this.element.append(this.#item(choice));
    }
    this.element.addEventListener("keydown", (event) => this.#onKeyDown(event));
    this.element.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      event.stopPropagation();
    });
    host.append(this.element);
    if ("showPopover" in this.element) {
      this.element.setAttribute("popover", "manual");
      this.element.showPopover();
    }
  }

  /** Put it below a point or beside an item, wholly within the window. */
  place(from: Box, side: "below" | "beside"): void {
    const { element } = this;
    const [width, height] = [element.offsetWidth, element.offsetHeight];
    const roomX = window.innerWidth - EDGE_PX;
    const roomY = window.innerHeight - EDGE_PX;
    const isRtl = getComputedStyle(element).direction === "rtl";
    let x = side === "beside" ? from.right : from.left;
    if (isRtl) x = (side === "beside" ? from.left : from.right) - width;
    if (x + width > roomX) x = side === "beside" ? from.left - width : roomX - width;
    if (x < EDGE_PX && side === "beside") x = from.right;
    const y =
      side === "below" && from.bottom + height > roomY && from.top > height
        ? from.top - height
        : from.bottom;
    const top = side === "beside" ? from.top : y;
    element.style.left = `${Math.max(EDGE_PX, Math.min(x, roomX - width))}px`;
    element.style.top = `${Math.max(EDGE_PX, Math.min(top, roomY - height))}px`;
  }

  focusFirst(): void {
    (this.#items[0] ?? this.element).focus({ preventScroll: true });
  }

  close(): void {
    this.#child?.close();
    this.element.remove();
  }

  get #items(): HTMLElement[] {
    return [
      ...this.element.querySelectorAll<HTMLElement>(":scope > button:not(:disabled)"),
    ];
  }

  #item(choice: Choice | Submenu): HTMLButtonElement {
    const isMenu = "groups" in choice;
    const checked = isMenu ? undefined : choice.checked;
    const pick = () => {
      if (isMenu) return this.#open(item, choice.groups);
      this.closeAll();
      choice.pick();
    };
    const item = h(
      "button",
      {
        type: "button",
        role: checked === undefined ? "menuitem" : "menuitemcheckbox",
        "aria-checked": checked === undefined ? undefined : String(checked),
        "aria-haspopup": isMenu ? "menu" : undefined,
        "aria-expanded": isMenu ? "false" : undefined,
        disabled: choice.disabled ?? false,
        tabindex: "-1",
        on: { click: pick, pointerenter: () => this.#onHover(item, choice) },
      },
      h("span", {}, choice.label),
      h("kbd", {}, isMenu ? "" : (choice.keys ?? "")),
    );
    return item;
  }

  #onHover(item: HTMLButtonElement, choice: Choice | Submenu): void {
    if (item.disabled) return;
    item.focus({ preventScroll: true });
    if ("groups" in choice) this.#open(item, choice.groups, false);
    else this.#closeChild();
  }

  #open(item: HTMLButtonElement, groups: MenuGroups, takesFocus = true): void {
    if (item.getAttribute("aria-expanded") !== "true") {
      this.#closeChild();
      this.#child = new Menu(this.host, groups, this.closeAll, this);
      this.#child.place(item.getBoundingClientRect(), "beside");
      item.setAttribute("aria-expanded", "true");
    }
    if (takesFocus) this.#child?.focusFirst();
  }

  #closeChild(): void {
    this.#child?.close();
    this.#child = undefined;
    const open = this.element.querySelector<HTMLElement>('[aria-expanded="true"]');
    open?.setAttribute("aria-expanded", "false");
  }

  #onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    const isRtl = getComputedStyle(this.element).direction === "rtl";
    const [inward, outward] = isRtl
      ? ["ArrowLeft", "ArrowRight"]
      : ["ArrowRight", "ArrowLeft"];
    const items = this.#items;
    const now = items.indexOf(document.activeElement as HTMLElement);
    const goTo = (place: number) => items.at(place % items.length)?.focus();
    const { key } = event;
    if (key === "ArrowDown") goTo(now + 1);
    else if (key === "ArrowUp") goTo(now < 0 ? -1 : now - 1);
    else if (key === "Home") goTo(0);
    else if (key === "End") goTo(-1);
    else if (key === inward) this.#openFocused(items[now]);
    else if (key === outward && this.parent) this.parent.#closeFromChild();
    else if (key === "Escape" && this.parent) this.parent.#closeFromChild();
    else if (key === "Escape" || key === "Tab") this.closeAll();
    else if (key.length === 1 && key !== " ") this.#type(key, items, now);
    else return;
    event.preventDefault();
  }

  #openFocused(item: HTMLElement | undefined): void {
    if (item?.getAttribute("aria-haspopup")) item.click();
  }

  #closeFromChild(): void {
    const open = this.element.querySelector<HTMLElement>('[aria-expanded="true"]');
    this.#closeChild();
    open?.focus();
  }

  /** Go to the next item that begins with what is typed. */
  #type(key: string, items: readonly HTMLElement[], now: number): void {
    const at = performance.now();
    this.#typed = at - this.#typedAt > 700 ? key : this.#typed + key;
    this.#typedAt = at;
    const from = this.#typed.length > 1 ? Math.max(now, 0) : now + 1;
    const turned = [...items.slice(from), ...items.slice(0, from)];
    const typed = this.#typed.toLowerCase();
    turned
      .find((item) => item.textContent?.trim().toLowerCase().startsWith(typed))
      ?.focus();
  }
}
