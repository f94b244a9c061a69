/** Rows of a list that messages redraw: what has not changed stays the element it is. */

import { h } from "./dom";
import { Press } from "./press";

export interface Row<T> {
  readonly element: HTMLElement;
  /** Show the item as it is now, at once and at each change; else its key has it all. */
  show?(item: T): void;
  /** The item is gone; under a press, the row goes after it. */
  gone?(): void;
}

export interface RowOptions<T, R extends Row<T>> {
  /** What a row is known by: all of its item, if nothing else is said. */
  key?(item: T): string;
  /** Make a row; `now` is its item as last shown, undefined once it is gone. */
  make(now: () => T | undefined, item: T): R;
  /** The rows are in the list. */
  drawn?(): void;
}

const CONTROLS = "button, input, select, a[href], [tabindex]";

/**
 * The children of a list, one for each item, and nothing else.
 *
 * Rows come, go and move around the others, so that a hover, a tooltip, the focus and
 * the scroll position stay. While the list is pressed, none does until the click has
 * come: it reaches its row, which knows by `now` whether its item is still there.
 */
export class KeyedRows<T, R extends Row<T> = Row<T>> {
  #list: HTMLElement;
  #options: RowOptions<T, R>;
  #press: Press;
  #rows = new Map<string, R>();
  #items: ReadonlyMap<string, T> = new Map();

  constructor(list: HTMLElement, options: RowOptions<T, R>) {
    this.#list = list;
    this.#options = options;
    this.#press = new Press(list);
  }

  /** The rows of the items, in their order; those that wait for a press are missing. */
  get rows(): R[] {
    return [...this.#items.keys()].flatMap((key) => this.#rows.get(key) ?? []);
  }

  /** The row that holds a target of an event. */
  at(target: EventTarget | null): R | undefined {
    return this.rows.find(({ element }) => element.contains(target as Node | null));
  }

  show(items: readonly T[]): void {
    const keyOf = this.#options.key ?? JSON.stringify;
    const counts = new Map<string, number>();
    this.#items = new Map(
      items.map((item) => {
        const key = keyOf(item);
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        return [`${count} ${key}`, item];
      }),
    );
    for (const [key, row] of this.#rows) this.#update(key, row);
    this.#press.after(this.#draw);
  }

  /** Keep the rows as they are until `release`: one of them is being edited. */
  hold(): void {
    this.#press.hold();
  }

  release(): void {
    this.#press.release();
  }

  #update(key: string, row: R): void {
    const item = this.#items.get(key);
    if (item !== undefined) row.show?.(item);
    else row.gone?.();
  }

  #make(key: string, item: T): R {
    const row = this.#options.make(() => this.#items.get(key), item);
    this.#rows.set(key, row);
    row.show?.(item);
    return row;
  }

  #draw = (): void => {
    const list = this.#list;
    const refocus = focusIn(list);
    for (const [key, { element }] of this.#rows) {
      if (this.#items.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    let next = list.firstElementChild;
    for (const [key, item] of this.#items) {
      const { element } = this.#rows.get(key) ?? this.#make(key, item);
      // One that has moved down is out of the way of those behind it, which stay.
      if (next && next.nextElementSibling === element) list.append(next);
      else if (next !== element) list.insertBefore(element, next);
      next = element.nextElementSibling;
    }
    refocus?.();
    this.#options.drawn?.();
  };
}

/** What gives the focus back: to what has it, or to what stands in its place then. */
function focusIn(list: HTMLElement): (() => void) | undefined {
  const active = document.activeElement as HTMLElement | null;
  const place = [...list.children].findIndex((row) => row.contains(active));
  const row = list.children[place];
  if (!active || !row) return undefined;
  const control = [...row.querySelectorAll(CONTROLS)].indexOf(active);
  return () => {
    if (document.activeElement === active) return;
    const own = list.children[Math.min(place, list.children.length - 1)];
    const there = own?.querySelectorAll<HTMLElement>(CONTROLS)[control];
    const found = list.contains(active) ? active : (there ?? (own as HTMLElement));
    found?.focus({ preventScroll: true });
  };
}

/** A list of texts. */
export function textRows(list: HTMLElement, props = {}): KeyedRows<string> {
  return new KeyedRows(list, {
    key: (text) => text,
    make: (_, text) => ({ element: h("li", props, text) }),
  });
}
