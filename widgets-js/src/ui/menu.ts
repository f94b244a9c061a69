/** A context menu: arrows move through it, Escape closes it. */

import { h } from "./dom";

export interface Choice {
  readonly label: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  pick(): void;
}

/** Open a menu within `host`, at pixels of it, with a line between groups. */
export function openMenu(
  host: HTMLElement,
  at: { readonly x: number; readonly y: number },
  groups: readonly (readonly Choice[])[],
): () => void {
  const before = document.activeElement;
  const menu = h("div", { class: "tnb-menu", role: "menu", tabindex: "-1" });
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", closeOutside, true);
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const closeOutside = (event: PointerEvent) => {
    if (!menu.contains(event.target as Node)) close();
  };
  for (const [number, group] of groups.entries()) {
    if (number) menu.append(h("hr"));
    for (const choice of group) menu.append(item(choice, close));
  }
  menu.addEventListener("keydown", (event) => onKeyDown(menu, event, close));
  host.append(menu);
  const room = host.getBoundingClientRect();
  menu.style.left = `${Math.max(0, Math.min(at.x, room.width - menu.offsetWidth))}px`;
  menu.style.top = `${Math.max(0, Math.min(at.y, room.height - menu.offsetHeight))}px`;
  document.addEventListener("pointerdown", closeOutside, true);
  (menu.querySelector("button:not(:disabled)") as HTMLElement | null)?.focus();
  return close;
}

function item(choice: Choice, close: () => void): HTMLButtonElement {
  const pick = () => {
    close();
    choice.pick();
  };
  const isSwitch = choice.checked !== undefined;
  return h(
    "button",
    {
      type: "button",
      role: isSwitch ? "menuitemcheckbox" : "menuitem",
      "aria-checked": isSwitch ? String(choice.checked) : undefined,
      disabled: choice.disabled ?? false,
      on: { click: pick },
    },
    h("span", {}, choice.label),
    h("kbd", {}, choice.keys ?? ""),
  );
}

function onKeyDown(menu: HTMLElement, event: KeyboardEvent, close: () => void): void {
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll<HTMLElement>("button:not(:disabled)")];
  const now = items.indexOf(document.activeElement as HTMLElement);
  items[(now + step + items.length) % items.length]?.focus();
}
