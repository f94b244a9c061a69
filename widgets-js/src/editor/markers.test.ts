// @vitest-environment happy-dom

import { expect, test, vi } from "vitest";
import type { MarkerView } from "../protocol";
import { stepLabel } from "./history";
import { markerRow } from "./markerRow";
import { foundMarkers } from "./markers";

function marker(name: string, startS: number, color = "red", note = ""): MarkerView {
  return { name, startS, durationS: 0, color, note };
}

const MARKERS = [
  marker("Chorus", 12, "Blue"),
  marker("verse", 3, "red", "ask Ada"),
  marker("Intro", 0, "red"),
];

test("markers are found by name, note and color, in order of time", () => {
  const names = (text: string, color: string) =>
    foundMarkers(MARKERS, text, color).map(({ marker: { name } }) => name);
  expect(names("", "")).toEqual(["Intro", "verse", "Chorus"]);
  expect(names(" ADA", "")).toEqual(["verse"]);
  expect(names("", "blue")).toEqual(["Chorus"]);
  expect(names("intro", "blue")).toEqual([]);
});

test("a found marker keeps its place in the edit's list", () => {
  expect(foundMarkers(MARKERS, "", "").map(({ place }) => place)).toEqual([2, 1, 0]);
});

function openRow() {
  const actions = {
    jump: vi.fn(),
    set: vi.fn(),
    remove: vi.fn(),
    editing: vi.fn(),
  };
  const made = markerRow(actions);
  made.show(marker("verse", 3, "red", "ask Ada"), "00:00:03:00");
  const row = made.element;
  document.body.replaceChildren(row);
  row.querySelector<HTMLElement>(".tnb-marker-words")?.click();
  const [name, note] = [...row.querySelectorAll("input")];
  return {
    actions,
    row,
    name: name as HTMLInputElement,
    note: note as HTMLInputElement,
  };
}

function press(field: HTMLElement, key: string) {
  field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

test("Enter keeps a name and a note, in one change", () => {
  const { actions, name, note } = openRow();
  expect([name.value, note.value]).toEqual(["verse", "ask Ada"]);
  name.value = "Verse 1";
  note.value = "loud";
  press(note, "Enter");
  expect(actions.set.mock.calls).toEqual([[{ name: "Verse 1", note: "loud" }]]);
  expect(actions.editing.mock.calls).toEqual([[true], [false]]);
});

test("Escape, and fields that nobody changed, make no step", () => {
  const dropped = openRow();
  dropped.name.value = "other";
  press(dropped.name, "Escape");
  const same = openRow();
  press(same.name, "Enter");
  expect(dropped.actions.set).not.toHaveBeenCalled();
  expect(same.actions.set).not.toHaveBeenCalled();
});

test("a step begins with a capital, and the first one is the beginning", () => {
  expect(stepLabel("set track", false)).toBe("Set track");
  expect(stepLabel("open", true)).toBe("Beginning");
  const restored = { text: "restore {version}", values: { version: "v1" } };
  expect(stepLabel(restored, false)).toBe("Restore v1");
});
