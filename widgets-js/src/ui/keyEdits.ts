/** Changes of single commands' keys, kept beside the preset. */

import type { Command, Commands } from "./commands";

type Keys = Readonly<Record<string, readonly string[]>>;

export class KeyEdits {
  constructor(
    readonly commands: Commands,
    /** Keeps all changes, in place of those before. */
    readonly keep: (keys: Keys) => Promise<void>,
  ) {}

  /** Give a command these chords. */
  set(id: string, chords: readonly string[]): Promise<void> {
    return this.keep({ ...this.#changes, [id]: chords });
  }

  /** Give a command a chord, and take it from those that have it. */
  take(id: string, chord: string): Promise<void> {
    const others = this.usersOf(chord, id).map((other) => [
      other.id,
      this.commands.chordsOf(other.id).filter((text) => text !== chord),
    ]);
    return this.keep({
      ...this.#changes,
      ...Object.fromEntries(others),
      [id]: [chord],
    });
  }

  /** Give a command the preset's chords again. */
  reset(id: string): Promise<void> {
    const { [id]: _, ...others } = this.#changes;
    return this.keep(others);
  }

  /** The other commands for everywhere that have a chord. */
  usersOf(chord: string, id: string): readonly Command[] {
    const others = this.commands.list().filter((one) => one.id !== id && !one.within);
    return others.filter((one) => this.commands.chordsOf(one.id).includes(chord));
  }

  get #changes(): Keys {
    return this.commands.keymap.changes;
  }
}
