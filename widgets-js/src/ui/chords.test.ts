// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { ariaChords, chordsOfEvent, chordsText, partsOf } from "./chords";

const press = (key: string, code: string, more: KeyboardEventInit = {}) =>
  chordsOfEvent(new KeyboardEvent("keydown", { key, code, ...more }));

function onMac() {
  vi.spyOn(navigator, "platform", "get").mockReturnValue("MacIntel");
}

describe("the chords of a key press", () => {
  afterEach(() => vi.restoreAllMocks());

  it("name letters in capitals, with what is held in one order", () => {
    expect(press("s", "KeyS")).toEqual(["S"]);
    expect(press("Z", "KeyZ", { shiftKey: true, ctrlKey: true })).toEqual([
      "Mod+Shift+Z",
    ]);
    expect(press(" ", "Space", { shiftKey: true })).toEqual(["Shift+Space"]);
  });

  it("take a letter of another alphabet by its place", () => {
    // Russian: the key of S writes ы.
    expect(press("ы", "KeyS")).toContain("S");
    expect(press("я", "KeyZ", { ctrlKey: true })).toContain("Mod+Z");
  });

  it("leave a layout's own letters where they are", () => {
    // French: the key left of Z on a US keyboard writes W.
    expect(press("w", "KeyZ")[0]).toBe("W");
  });

  it("name a symbol by itself, and by the key that has it with Shift", () => {
    expect(press("?", "Slash", { shiftKey: true })[0]).toBe("?");
    // German: Shift and ß.
    expect(press("?", "Minus", { shiftKey: true })[0]).toBe("?");
    expect(press("{", "BracketLeft", { shiftKey: true })).toContain("Shift+[");
    expect(press("!", "Digit1", { shiftKey: true })).toContain("Shift+1");
  });

  it("are none for a modifier alone", () => {
    expect(press("Shift", "ShiftLeft", { shiftKey: true })).toEqual([]);
  });

  it("hold Cmd on a Mac where Ctrl is held elsewhere", () => {
    onMac();
    expect(press("z", "KeyZ", { metaKey: true })).toEqual(["Mod+Z"]);
    expect(press("z", "KeyZ", { ctrlKey: true })).toEqual(["Ctrl+Z"]);
    // Option and X write ≈.
    expect(press("≈", "KeyX", { altKey: true })).toContain("Alt+X");
  });
});

describe("chords as text", () => {
  afterEach(() => vi.restoreAllMocks());

  it("are read as keys are labelled", () => {
    expect(chordsText(["Mod+Shift+Z", "Delete"])).toBe("Ctrl+Shift+Z, Del");
    expect(chordsText(["Shift+ArrowLeft"])).toBe("Shift+←");
    onMac();
    expect(chordsText(["Mod+Shift+Z", "Alt+X"])).toBe("⇧⌘Z, ⌥X");
  });

  it("are told to screen readers by the names of ARIA", () => {
    expect(ariaChords(["Mod+Z", "+"])).toBe("Control+Z Plus");
  });

  it("may end with a plus", () => {
    expect(partsOf("Mod++")).toEqual(["Mod", "+"]);
    expect(partsOf("+")).toEqual(["+"]);
  });
});
