/** The list of commands with their keys: searched, and changed where that is wanted. */

import { t } from "../i18n";
import { chordsOfEvent, chordsText } from "./chords";
import type { Command, Commands } from "./commands";
import { h, iconButton } from "./dom";
import { ICONS } from "./icons";
import { KeyEdits } from "./keyEdits";
import { KEYED } from "./keymap";
import { Press } from "./press";

type Change = (keys: Readonly<Record<string, readonly string[]>>) => Promise<void>;

export interface KeyList {
  readonly element: HTMLElement;
  close(): void;
}

/** Make the list; with `change`, each row has what changes its keys. */
export function makeKeyList(commands: Commands, change?: Change): KeyList {
  const search = h("input", {
    type: "search",
    class: "tnb-text tnb-key-search",
    placeholder: t("Search commands or keys"),
    "aria-label": t("Search commands or keys"),
  });
  const none = h("p", { class: "tnb-hint", role: "status" });
  const groups = h("div", { class: "tnb-key-groups" });
  const element = h("div", { class: "tnb-key-list" }, search, none, groups);
  const rows = new Rows(commands, change && new KeyEdits(commands, change));
  const build = () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    const found = inOrder(commands).filter((command) =>
      isFound(commands, command, wanted),
    );
    const byGroup = new Map<string, Command[]>();
    for (const command of found) {
      const members = byGroup.get(command.group) ?? [];
      byGroup.set(command.group, [...members, command]);
    }
    const focused = (document.activeElement as HTMLElement | null)?.dataset.focus;
    groups.replaceChildren(
      ...[...byGroup].map(([label, members]) =>
        h(
          "section",
          { "aria-label": label },
          h("h3", {}, label),
          ...members.map((command) => rows.make(command)),
        ),
      ),
    );
    none.textContent = found.length ? "" : t("No command has this name or key.");
    if (focused) {
      const again = `[data-focus="${CSS.escape(focused)}"]`;
      groups.querySelector<HTMLElement>(again)?.focus();
    }
  };
  const press = new Press(groups);
  rows.onChange = build;
  search.addEventListener("input", build);
  let keymap = commands.keymap;
  const stop = commands.onChange(() => {
    if (commands.keymap === keymap) return;
    keymap = commands.keymap;
    press.after(build);
  });
  build();
  return { element, close: stop };
}

/** All commands in the order of the keymap; those without keys in any come last. */
function inOrder(commands: Commands): readonly Command[] {
  const places = new Map(KEYED.map((id, place) => [id, place]));
  const placeOf = ({ id }: Command) => places.get(id) ?? KEYED.length;
  return [...commands.list()].sort((a, b) => placeOf(a) - placeOf(b));
}

function isFound(commands: Commands, { id, label, group }: Command, wanted: string) {
  const keys = chordsText(commands.chordsOf(id));
  return [label, group, keys].some((text) => text.toLocaleLowerCase().includes(wanted));
}

/** The rows of the list: a name, its keys, and what is asked while they change. */
class Rows {
  onChange = (): void => undefined;
  #recording = "";
  /** Keys that were pressed, and that other commands have. */
  #conflict: { readonly id: string; readonly chord: string } | undefined;

  constructor(
    readonly commands: Commands,
    readonly edits: KeyEdits | undefined,
  ) {}

  make(command: Command): HTMLElement {
    const { id, label } = command;
    const keys = this.commands.chordsOf(id);
    const shown = h(
      "span",
      { class: "tnb-key-chords" },
      ...keys.map((chord) => h("kbd", {}, chordsText([chord]))),
    );
    const row = h(
      "div",
      { class: "tnb-key-row", "data-id": id },
      h("span", { class: "tnb-key-name" }, label),
      this.#recording === id ? this.#recorder(command) : shown,
      ...(this.edits ? this.#buttons(command) : []),
    );
    if (this.#conflict?.id === id) row.append(this.#question(command));
    return row;
  }

  #buttons({ id, label }: Command): HTMLElement[] {
    const begin = () => {
      this.#recording = this.#recording === id ? "" : id;
      this.#conflict = undefined;
      this.onChange();
    };
    const remove = () => void this.edits?.set(id, []);
    const reset = () => void this.edits?.reset(id);
    const change = iconButton(
      ICONS.correct,
      t("Change the keys of {name}", { name: label }),
      begin,
      { "data-focus": `change ${id}` },
    );
    const none = iconButton(
      ICONS.close,
      t("Remove the keys of {name}", { name: label }),
      remove,
      { disabled: !this.commands.chordsOf(id).length },
    );
    const again = iconButton(
      ICONS.undo,
      t("Reset the keys of {name}", { name: label }),
      reset,
      { disabled: !(id in this.commands.keymap.changes) },
    );
    return [change, none, again];
  }

  /** What takes the next keys that are pressed; Escape and leaving it cancel. */
  #recorder({ id, label }: Command): HTMLElement {
    const field = h(
      "button",
      {
        type: "button",
        class: "tnb-key-recorder",
        "aria-label": t("Press the new keys of {name}", { name: label }),
        "data-focus": `record ${id}`,
      },
      t("Press keys…"),
    );
    const end = () => {
      if (this.#recording !== id) return;
      this.#recording = "";
      this.onChange();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Tab") return;
      event.preventDefault();
      event.stopPropagation();
      const [chord] = chordsOfEvent(event);
      if (chord === "Escape") end();
      else if (chord) this.#take(id, chord);
    });
    // A press of Space or Enter was recorded, and is no click.
    field.addEventListener("keyup", (event) => event.preventDefault());
    field.addEventListener("blur", () => window.setTimeout(end));
    window.setTimeout(() => field.focus());
    return field;
  }

  #take(id: string, chord: string): void {
    this.#recording = "";
    const others = this.edits?.usersOf(chord, id) ?? [];
    if (others.length) this.#conflict = { id, chord };
    else void this.edits?.set(id, [chord]);
    this.onChange();
  }

  /** Name the commands that have the keys, and ask what to do. */
  #question({ id }: Command): HTMLElement {
    const chord = this.#conflict?.chord ?? "";
    const names = (this.edits?.usersOf(chord, id) ?? []).map(({ label }) => label);
    const end = () => {
      this.#conflict = undefined;
      this.onChange();
    };
    const replace = () => {
      void this.edits?.take(id, chord);
      end();
    };
    const button = (label: string, press: () => void) =>
      h(
        "button",
        { type: "button", class: "tnb-text-button", on: { click: press } },
        label,
      );
    const question = h(
      "div",
      { class: "tnb-key-conflict", role: "alert" },
      h(
        "span",
        {},
        t("{keys} is already used by: {names}", {
          keys: chordsText([chord]),
          names: names.join(", "),
        }),
      ),
      button(t("Use it here instead"), replace),
      button(t("Cancel"), end),
    );
    window.setTimeout(() => question.querySelector("button")?.focus());
    return question;
  }
}
