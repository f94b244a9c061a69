/** What a widget can do, by id: buttons, menus and keys all run these. */

import { chordsText } from "./chords";
import { chordsOf, DEFAULT_KEYMAP, type KeymapChoice } from "./keymap";
import type { Choice } from "./menu";

export interface Command {
  /** `part.verb`, as in `timeline.split`. */
  readonly id: string;
  readonly label: string;
  /** The heading that it stands under in the list of shortcuts. */
  readonly group: string;
  /** Only while the focus is in this element; it then comes before the others. */
  readonly within?: Element;
  run(): unknown;
  isEnabled?(): boolean;
  isChecked?(): boolean;
  /** What it would do now, for the tooltip of its button. */
  title?(): string;
}

export class Commands {
  /** The ids of commands whose keys are held down. */
  held: ReadonlySet<string> = new Set();
  #known = new Map<string, Command[]>();
  #choice: KeymapChoice = DEFAULT_KEYMAP;
  #listeners = new Set<() => void>();

  /** Add a command; of two with an id and the same `within`, the later one counts. */
  add(command: Command): void {
    const same = this.#known.get(command.id) ?? [];
    const others = same.filter(({ within }) => within !== command.within);
    this.#known.set(command.id, [...others, command]);
    this.changed();
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** The command of an id: the one around the focus, else the one for everywhere. */
  find(
    id: string,
    focus: Element | null = document.activeElement,
  ): Command | undefined {
    const same = this.#known.get(id) ?? [];
    return (
      same.find(({ within }) => within?.contains(focus)) ??
      same.find(({ within }) => !within)
    );
  }

  /** Run a command; returns whether it is there and enabled. */
  run(id: string): boolean {
    const command = this.find(id);
    if (!command || command.isEnabled?.() === false) return false;
    command.run();
    this.changed();
    return true;
  }

  /** All commands, each once, in the order in which they were added. */
  list(): readonly Command[] {
    return [...this.#known.values()].flatMap((same) => {
      const command = same.find(({ within }) => !within) ?? same[0];
      return command ? [command] : [];
    });
  }

  get keymap(): KeymapChoice {
    return this.#choice;
  }

  set keymap(choice: KeymapChoice) {
    this.#choice = choice;
    this.changed();
  }

  /** The chords of a command in the keymap that is in use. */
  chordsOf(id: string): readonly string[] {
    return chordsOf(this.#choice, id);
  }

  /** The keys of a command as a person reads them, such as "Ctrl+Z"; else "". */
  keysOf(id: string): string {
    return chordsText(this.chordsOf(id).slice(0, 1));
  }

  /** Call a listener when commands, keys or what is enabled may have changed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Say that what is enabled or checked may have changed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** A command as an item of a menu. */
  choice(id: string, label?: string): Choice {
    const command = this.find(id);
    const checked = command?.isChecked?.();
    return {
      label: label ?? command?.label ?? id,
      keys: this.keysOf(id),
      disabled: !command || command.isEnabled?.() === false,
      ...(checked === undefined ? {} : { checked }),
      pick: () => void this.run(id),
    };
  }
}
