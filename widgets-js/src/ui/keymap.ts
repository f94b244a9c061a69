/**
 * The keys of all commands, by preset. A row is: ours, Premiere, Resolve, Final Cut.
 *
 * Theirs are the defaults of Adobe's "Keyboard shortcuts in Premiere Pro", Blackmagic's
 * "DaVinci Resolve Reference Manual" and Apple's "Keyboard shortcuts in Final Cut Pro".
 * Browsers keep Mod+T, Mod+N and Mod+W for themselves: Alt stands there in place of Mod.
 */

export type Preset = "default" | "premiere" | "resolve" | "finalcut";

export interface KeymapChoice {
  readonly preset: Preset;
  /** What a person changed: chords by command; an empty list takes the keys away. */
  readonly changes: Readonly<Record<string, readonly string[]>>;
}

export const PRESETS: readonly Preset[] = [
  "default",
  "premiere",
  "resolve",
  "finalcut",
];
export const DEFAULT_KEYMAP: KeymapChoice = { preset: "default", changes: {} };

/** Chords are parted by spaces; "" is a command without a key. */
type Row = readonly [string, string, string, string];

function same(chords: string): Row {
  return [chords, chords, chords, chords];
}

const KEYS: Readonly<Record<string, Row>> = {
  "edit.undo": same("Mod+Z"),
  "edit.redo": same("Mod+Shift+Z Mod+Y"),

  "player.play": same("Space"),
  "player.pause": same("K"),
  "player.shuttleForward": same("L"),
  "player.shuttleBack": same("J"),
  "player.previousFrame": same("ArrowLeft"),
  "player.nextFrame": same("ArrowRight"),
  "player.backSecond": same("Shift+ArrowLeft"),
  "player.forwardSecond": same("Shift+ArrowRight"),
  "player.toStart": same("Home"),
  "player.toEnd": same("End"),
  "player.setIn": same("I"),
  "player.setOut": same("O"),
  "player.toIn": same("Shift+I"),
  "player.toOut": same("Shift+O"),
  "player.clearInOut": ["Alt+X", "Mod+Shift+X", "Alt+X", "Alt+X"],
  "player.markClip": same("X"),
  "player.mute": ["Shift+M", "", "", ""],
  "player.loop": ["Mod+L", "", "Mod+/", "Mod+L"],
  "editor.fill": same("`"),
  "editor.beside": same("Shift+`"),
  "editor.leaveFill": same("Escape"),
  "player.fullScreen": ["Shift+F", "Mod+`", "Mod+F", "Mod+Shift+F"],
  "player.safeAreas": ["", "", "", ""],

  "timeline.previousEdge": same("ArrowUp"),
  "timeline.nextEdge": same("ArrowDown"),
  "timeline.selectUnderPlayhead": ["Enter D", "D", "Shift+V", "C"],
  "timeline.selectAll": same("Mod+A"),
  "timeline.openNested": same("Mod+Shift+ArrowDown"),
  "timeline.closeNested": same("Mod+Shift+ArrowUp"),
  "timeline.split": ["S Mod+B", "Mod+K", "Mod+B Mod+\\", "Mod+B"],
  "timeline.remove": [
    "Delete Backspace",
    "Delete Backspace",
    "Backspace",
    "Shift+Delete Shift+Backspace",
  ],
  "timeline.rippleRemove": [
    "Shift+Delete Shift+Backspace",
    "Shift+Delete Shift+Backspace",
    "Delete Shift+Backspace",
    "Delete Backspace",
  ],
  "timeline.trimHead": ["[", "Mod+Alt+Q", "", ""],
  "timeline.trimTail": ["]", "Mod+Alt+W", "", ""],
  "timeline.rippleTrimHead": ["Q", "Q", "Shift+[", "Alt+["],
  "timeline.rippleTrimTail": ["W", "W", "Shift+]", "Alt+]"],
  "timeline.copy": same("Mod+C"),
  "timeline.cut": same("Mod+X"),
  "timeline.paste": same("Mod+V"),
  "timeline.pasteOver": ["Mod+Shift+V", "Mod+Shift+V", "Mod+Shift+V", ""],
  "effects.paste": ["Mod+Alt+V", "Mod+Alt+V", "Alt+V", "Mod+Shift+V"],
  "timeline.duplicate": ["Mod+D", "Mod+Shift+/", "", "Mod+D"],
  "timeline.addTransition": ["Shift+D", "Mod+D Shift+D", "Alt+T", "Alt+T"],
  "timeline.addSubtitle": ["Shift+S", "Mod+Alt+C", "", "Alt+C"],
  "timeline.link": ["Mod+Alt+L", "Mod+L", "Mod+Alt+L", ""],
  "timeline.nudgeLeft": ["Alt+ArrowLeft", "Alt+ArrowLeft", ",", ","],
  "timeline.nudgeRight": ["Alt+ArrowRight", "Alt+ArrowRight", ".", "."],
  "timeline.nudgeLeftMany": [
    "Alt+Shift+ArrowLeft",
    "Alt+Shift+ArrowLeft",
    "Shift+,",
    "Shift+,",
  ],
  "timeline.nudgeRightMany": [
    "Alt+Shift+ArrowRight",
    "Alt+Shift+ArrowRight",
    "Shift+.",
    "Shift+.",
  ],
  "timeline.moveUp": same("Alt+ArrowUp"),
  "timeline.moveDown": same("Alt+ArrowDown"),
  "timeline.zoomIn": ["= +", "= +", "Mod+=", "Mod+="],
  "timeline.zoomOut": ["-", "-", "Mod+-", "Mod+-"],
  "timeline.fit": ["F Shift+Z", "\\", "Shift+Z", "Shift+Z"],
  "timeline.snap": ["N", "S", "N", "N"],
  "timeline.cancel": same("Escape"),

  "tool.select": ["V", "V", "A", "A"],
  "tool.blade": ["C", "C", "B", "B"],
  "tool.ripple": ["R", "B", "T", "T"],
  "tool.roll": ["T", "N", "", ""],
  "tool.slip": ["Y", "Y", "", ""],
  "tool.slide": ["U", "U", "", ""],

  "timeline.linkedSelection": ["Mod+Shift+L", "", "Mod+Shift+L", ""],
  "timeline.focus": same("F6"),
  "timeline.goTo": ["G", "", "=", "Mod+P"],

  "export.open": ["Mod+E", "Mod+M", "", "Mod+E"],
  "project.save": same("Mod+Alt+S"),

  "markers.add": same("M"),
  "markers.edit": ["Alt+M", "", "", "Alt+M"],
  "markers.remove": ["Alt+Shift+M", "Mod+Alt+M", "Alt+M", "Mod+M"],
  "markers.previous": ["Shift+ArrowUp", "Mod+Shift+M", "Shift+ArrowUp", "Mod+;"],
  "markers.next": ["Shift+ArrowDown", "Shift+M", "Shift+ArrowDown", "Mod+'"],

  "bin.import": same("Mod+I"),
  "bin.relink": ["", "", "", ""],
  "bin.matchFrame": ["Alt+F", "F", "F", "Shift+F"],
  "source.insert": [",", ",", "F9", "W"],
  "source.overwrite": [".", ".", "F10", "D"],
  "source.append": ["Shift+E", "", "Shift+F12", "E"],
  "source.replace": ["Alt+R", "", "F11", "Shift+R"],
  "source.fitToFill": ["", "", "Shift+F11", ""],

  "stage.transform": ["Shift+T", "", "Shift+`", "Shift+T"],
  "stage.crop": ["Shift+C", "", "", "Shift+C"],
  "stage.pin": ["", "", "", "Alt+D"],
  "stage.editText": ["", "", "", ""],
  "stage.guides": ["Mod+;", "Mod+;", "Mod+;", ""],
  "stage.snap": ["", "", "", ""],

  "help.keys": same("?"),
  "notebook.save": same("Mod+S"),
  "settings.open": same("Mod+,"),
};

/** The chords of a command, as changed by a person or as the preset has them. */
export function chordsOf(choice: KeymapChoice, id: string): readonly string[] {
  return choice.changes[id] ?? presetChords(choice.preset, id);
}

export function presetChords(preset: Preset, id: string): readonly string[] {
  return (KEYS[id]?.[PRESETS.indexOf(preset)] ?? "").split(" ").filter(Boolean);
}

/** Commands whose keys work in text fields, too. */
export const IN_FIELDS: ReadonlySet<string> = new Set([
  "notebook.save",
  "timeline.focus",
]);

/** All commands with keys in some preset, in the order of the list. */
export const KEYED: readonly string[] = Object.keys(KEYS);
