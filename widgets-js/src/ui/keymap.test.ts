import { describe, expect, it } from "vitest";
import { partsOf } from "./chords";
import { KEYED, PRESETS, presetChords } from "./keymap";

// Browsers do not give these to a page.
const RESERVED = /^Mod\+(Shift\+)?[TNW]$/;

// Commands of other parts work only while the focus is in the part.
const EVERYWHERE = new Set([
  "edit",
  "effects",
  "export",
  "help",
  "markers",
  "notebook",
  "player",
  "project",
  "settings",
  "stage",
  "timeline",
  "tool",
]);

describe("the presets", () => {
  it.each(PRESETS)("%s has a chord for one command alone", (preset) => {
    const everywhere = KEYED.filter((id) => EVERYWHERE.has(id.split(".")[0] ?? ""));
    const chords = everywhere.flatMap((id) => presetChords(preset, id));
    const twice = chords.filter((chord, place) => chords.indexOf(chord) !== place);
    expect(twice).toEqual([]);
  });

  it.each(PRESETS)("%s has chords that a key press gives", (preset) => {
    for (const chord of KEYED.flatMap((id) => presetChords(preset, id))) {
      const parts = partsOf(chord);
      const order = ["Mod", "Ctrl", "Meta", "Alt", "Shift"];
      const held = parts.slice(0, -1);
      expect(held).toEqual(order.filter((name) => held.includes(name)));
      expect(chord).not.toMatch(RESERVED);
      expect(parts.at(-1)).toMatch(/^([A-Z0-9]|F\d+|[A-Z][A-Za-z]+|[^a-z])$/);
    }
  });

  it("have the keys that editors know", () => {
    const table = {
      premiere: { "tool.blade": "C", "timeline.split": "Mod+K", "timeline.snap": "S" },
      resolve: {
        "tool.blade": "B",
        "timeline.split": "Mod+B",
        "timeline.fit": "Shift+Z",
      },
      finalcut: { "tool.select": "A", "timeline.split": "Mod+B", "timeline.snap": "N" },
    } as const;
    for (const [preset, keys] of Object.entries(table)) {
      for (const [id, chord] of Object.entries(keys)) {
        expect(presetChords(preset as keyof typeof table, id)).toContain(chord);
      }
    }
  });
});
