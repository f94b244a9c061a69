/** Run commands by keys, wherever the focus is in a widget but in text fields. */

import { chordsOfEvent } from "./chords";
import type { Command, Commands } from "./commands";
import { takesText } from "./dom";
import { IN_FIELDS } from "./keymap";

/** The keys with which a slider, a list or tabs are moved. */
const MOVES = new Set([
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
  "PageUp",
  "PageDown",
]);

const PRESSABLE = "button, a[href], summary, input, [role=tab], [role=option]";

/** Whether a control uses a key itself: a slider its arrows, a button Space. */
function usesKey(event: KeyboardEvent, clicked: Element | null): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  // A list opens by F4, and takes no other function key.
  if (target.matches("select")) return !/^(Escape|F(?!4$)\d+)$/.test(event.key);
  if (target.matches("input[type=range]")) return MOVES.has(event.key);
  const isPress = event.key === " " || event.key === "Enter";
  // What was clicked has done its work: Space plays.
  return isPress && target.matches(PRESSABLE) && target !== clicked;
}

/** Listen to keys on a widget's root; returns what stops it. */
export function attachKeys(root: HTMLElement, commands: Commands): () => void {
  // What each key that is down has run.
  const held = new Map<string, string>();
  let clicked: Element | null = null;
  const onPointerDown = (event: PointerEvent) => {
    clicked = (event.target as Element).closest(PRESSABLE);
  };
  const onFocusIn = ({ target }: FocusEvent) => {
    // What was clicked was drawn anew, and what stands in its place has the focus.
    if (clicked?.isConnected === false)
      clicked = (target as Element).closest(PRESSABLE);
  };
  const onAnyKeyDown = ({ key }: KeyboardEvent) => {
    // Whoever moves by Tab presses by Space.
    if (key === "Tab" || !clicked?.isConnected) clicked = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing) return;
    const isField = takesText(target);
    if (usesKey(event, clicked)) return event.stopPropagation();
    const found = matching(commands, event).filter(
      ({ id }) => !isField || IN_FIELDS.has(id),
    );
    if (isField && !found.length) return leaveField(root, event);
    if (found.length) {
      event.preventDefault();
      const command = found.find(({ isEnabled }) => isEnabled?.() !== false);
      held.set(event.code, command?.id ?? "");
      commands.held = new Set(held.values());
      if (command) run(commands, command);
      else if (event.key === "Escape") leave();
    } else if (event.key === "Escape") leave();
    // A notebook's one-letter commands are for its cells, Ctrl+S is for all.
    if (found.length || !(event.ctrlKey || event.metaKey)) event.stopPropagation();
  };
  const onKeyUp = (event: KeyboardEvent) => {
    // A button that has the focus is not pressed by a Space that played.
    if (held.delete(event.code)) event.preventDefault();
    commands.held = new Set(held.values());
  };
  const release = () => {
    held.clear();
    commands.held = new Set();
  };
  const stop = new AbortController();
  const { signal } = stop;
  root.addEventListener("pointerdown", onPointerDown, { capture: true, signal });
  root.addEventListener("focusin", onFocusIn, { signal });
  window.addEventListener("keydown", onAnyKeyDown, { capture: true, signal });
  root.addEventListener("keydown", onKeyDown, { signal });
  root.addEventListener("keyup", onKeyUp, { signal });
  window.addEventListener("blur", release, { signal });
  return () => stop.abort();
}

/** The commands of a key press, those around the focus first. */
function matching(commands: Commands, event: KeyboardEvent): Command[] {
  const focus = event.target as Element;
  const ids = commands.list().map(({ id }) => id);
  for (const chord of chordsOfEvent(event)) {
    const found = ids
      .filter((id) => commands.chordsOf(id).includes(chord))
      .flatMap((id) => commands.find(id, focus) ?? []);
    if (found.length)
      return found.sort((a, b) => Number(!a.within) - Number(!b.within));
  }
  return [];
}

function run(commands: Commands, command: Command): void {
  command.run();
  commands.changed();
}

/** Escape leaves a field for the widget, whose keys then work. */
function leaveField(root: HTMLElement, event: KeyboardEvent): void {
  event.stopPropagation();
  if (event.key !== "Escape") return;
  event.preventDefault();
  root.focus({ preventScroll: true });
}

/** Escape with nothing to cancel leaves the widget for the page. */
function leave(): void {
  (document.activeElement as HTMLElement | null)?.blur();
}
