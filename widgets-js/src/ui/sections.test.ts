// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { h } from "./dom";
import { sections } from "./sections";

afterEach(() => document.body.replaceChildren());

function press(key: string): void {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  document.activeElement?.dispatchEvent(event);
}

const focused = () => document.activeElement?.id;

function section(name: string): HTMLElement {
  const body = h("div", {}, h("input", { id: `${name} field` }));
  const toggle = h("button", { id: name, class: "head", "aria-expanded": "true" });
  toggle.addEventListener("click", () => {
    body.hidden = !body.hidden;
    toggle.setAttribute("aria-expanded", String(!body.hidden));
  });
  const head = h("div", {}, toggle, h("button", { id: `${name} reset` }));
  return h("section", {}, head, body);
}

function panel(): HTMLElement {
  const element = h(
    "div",
    {},
    h("input", { id: "name", class: "name" }),
    section("a"),
    section("b"),
    h("canvas", { id: "curve", tabindex: "0" }),
  );
  document.body.append(element, h("button", { id: "outside" }));
  sections(element, { headings: ".head", always: ".name" });
  return element;
}

const stops = (element: HTMLElement) =>
  [...element.querySelectorAll<HTMLElement>("button, input, canvas")]
    .filter((control) => control.tabIndex === 0)
    .map((control) => control.id);

const EVERY = ["name", "a", "a reset", "a field", "b", "b reset", "b field", "curve"];

describe("the sections of a panel", () => {
  it("are one tab stop, with arrows between their headings", () => {
    const element = panel();
    expect(stops(element)).toEqual(["name", "a"]);
    document.getElementById("a")?.focus();
    press("ArrowDown");
    expect(focused()).toBe("b");
    expect(stops(element)).toEqual(["name", "b"]);
    press("ArrowDown");
    expect(focused()).toBe("b");
    press("Home");
    expect(focused()).toBe("a");
  });

  it("are all reached by Tab from within, until the focus leaves", () => {
    const element = panel();
    document.getElementById("a")?.focus();
    press("ArrowRight");
    expect(focused()).toBe("a field");
    expect(stops(element)).toEqual(EVERY);
    document.getElementById("outside")?.focus();
    expect(stops(element)).toEqual(["name", "a"]);
    // As they were.
    element.dispatchEvent(new Event("pointerdown"));
    expect(stops(element)).toEqual(EVERY);
    expect(document.getElementById("a field")?.hasAttribute("tabindex")).toBe(false);
  });

  it("are opened by the arrow that goes in, and shut by the other", () => {
    const element = panel();
    const heading = document.getElementById("b");
    heading?.focus();
    press("ArrowLeft");
    expect(heading?.getAttribute("aria-expanded")).toBe("false");
    expect(focused()).toBe("b");
    press("ArrowRight");
    expect(heading?.getAttribute("aria-expanded")).toBe("true");
    expect(focused()).toBe("b field");
    expect(stops(element)).toEqual(EVERY);
  });

  it("keep a stop when some come, go or are hidden", async () => {
    const element = panel();
    document.getElementById("a")?.focus();
    document.getElementById("outside")?.focus();
    const first = element.querySelector("section");
    if (first) first.hidden = true;
    element.append(section("c"));
    await vi.waitFor(() => expect(stops(element)).toEqual(["name", "b"]));
    if (first) first.hidden = false;
    await vi.waitFor(() => expect(stops(element)).toEqual(["name", "a"]));
  });
});
