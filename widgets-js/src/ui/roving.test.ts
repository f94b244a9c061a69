// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import { h } from "./dom";
import { roving } from "./roving";

afterEach(() => document.body.replaceChildren());

function press(key: string): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  return !(document.activeElement as HTMLElement).dispatchEvent(event);
}

function bar(...children: HTMLElement[]): HTMLElement {
  const element = h("div", {}, ...children);
  document.body.append(element);
  return element;
}

const stops = (element: HTMLElement) =>
  [...element.querySelectorAll<HTMLElement>("button, input")]
    .filter((control) => control.tabIndex === 0)
    .map((control) => control.id);

describe("a roving tab stop", () => {
  it("is one, and moves by arrows, Home and End", () => {
    const [a, b, c] = ["a", "b", "c"].map((id) => h("button", { id }));
    if (!a || !b || !c) throw new Error("three buttons");
    const element = bar(a, b, c);
    b.disabled = true;
    roving(element);
    expect(stops(element)).toEqual(["a"]);
    a.focus();
    expect(press("ArrowRight")).toBe(true);
    expect(document.activeElement?.id).toBe("c");
    expect(stops(element)).toEqual(["c"]);
    press("Home");
    expect(document.activeElement?.id).toBe("a");
    expect(press("x")).toBe(false);
  });

  it("keeps the column between rows, and leaves sliders their arrows", () => {
    const row = (name: string) =>
      h(
        "div",
        { "data-roving-row": "" },
        h("button", { id: `${name}1` }),
        h("input", { id: `${name}2`, type: "range" }),
      );
    const element = bar(row("a"), row("b"));
    roving(element);
    document.getElementById("a2")?.focus();
    expect(press("ArrowRight")).toBe(false);
    press("ArrowDown");
    expect(document.activeElement?.id).toBe("b2");
    // Past the last row a slider is left for its neighbor.
    press("ArrowUp");
    press("ArrowUp");
    expect(document.activeElement?.id).toBe("a1");
  });

  it("leaves a field where its text ends", () => {
    const field = h("input", { id: "field", type: "search" });
    const after = h("button", { id: "after" });
    const element = bar(field, after);
    roving(element);
    field.value = "sea";
    field.focus();
    field.setSelectionRange(1, 1);
    expect(press("ArrowRight")).toBe(false);
    field.setSelectionRange(0, 3);
    expect(press("ArrowRight")).toBe(false);
    field.setSelectionRange(3, 3);
    expect(press("ArrowRight")).toBe(true);
    expect(stops(element)).toEqual(["after"]);
    press("ArrowLeft");
    expect(document.activeElement?.id).toBe("field");
  });
});
