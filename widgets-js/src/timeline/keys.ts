/** The timeline's keyboard shortcuts. */

import type { Actions } from "./actions";

/** Run the action of a key; returns false if there is none. */
export function runShortcut(event: KeyboardEvent, actions: Actions): boolean {
  const mod = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const names = [mod && "Mod", event.altKey && "Alt", event.shiftKey && "Shift", key];
  const action = keymap(actions)[names.filter(Boolean).join("+")];
  if (!action) return false;
  action();
  return true;
}

function keymap(actions: Actions): Readonly<Record<string, () => unknown>> {
  const { rate } = actions.state.timeline;
  const second = Math.round(rate.num / rate.den);
  const redo = actions.redo;
  return {
    ArrowLeft: () => actions.step(-1),
    ArrowRight: () => actions.step(1),
    "Shift+ArrowLeft": () => actions.step(-second),
    "Shift+ArrowRight": () => actions.step(second),
    ArrowUp: () => actions.toEdge(-1),
    ArrowDown: () => actions.toEdge(1),
    Home: () => actions.playhead.move(0),
    End: () => actions.step(Number.MAX_SAFE_INTEGER / 2),
    "Alt+ArrowLeft": () => actions.nudge(-1, 0),
    "Alt+ArrowRight": () => actions.nudge(1, 0),
    "Alt+Shift+ArrowLeft": () => actions.nudge(-10, 0),
    "Alt+Shift+ArrowRight": () => actions.nudge(10, 0),
    "Alt+ArrowUp": () => actions.nudge(0, 1),
    "Alt+ArrowDown": () => actions.nudge(0, -1),
    Enter: actions.selectUnderPlayhead,
    "[": () => actions.trimToPlayhead("head"),
    "]": () => actions.trimToPlayhead("tail"),
    s: actions.split,
    "Mod+b": actions.split,
    m: actions.addMarker,
    Delete: () => actions.remove(false),
    Backspace: () => actions.remove(false),
    "Shift+Delete": () => actions.remove(true),
    "Shift+Backspace": () => actions.remove(true),
    "Mod+c": () => actions.copy(false),
    "Mod+x": () => actions.copy(true),
    "Mod+v": actions.paste,
    "Mod+d": actions.duplicate,
    "Mod+a": actions.selectAll,
    "Mod+z": actions.undo,
    "Mod+Shift+z": redo,
    "Mod+y": redo,
    "+": actions.zoomIn,
    "Shift++": actions.zoomIn,
    "=": actions.zoomIn,
    "-": actions.zoomOut,
    f: actions.fit,
    n: actions.toggleSnap,
    v: () => actions.setTool("select"),
    c: () => actions.setTool("blade"),
    r: () => actions.setTool("ripple"),
    o: () => actions.setTool("roll"),
    y: () => actions.setTool("slip"),
    u: () => actions.setTool("slide"),
  };
}
