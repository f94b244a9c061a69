// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Commands } from "./commands";
import { attachKeys } from "./dispatch";
import { h } from "./dom";

describe("keys in a widget", () => {
  const root = h("div", { tabindex: "-1" });
  let commands = new Commands();
  let detach = () => {};
  const outside = vi.fn();
  const ran: string[] = [];

  const add = (id: string, more: Partial<Parameters<Commands["add"]>[0]> = {}) =>
    commands.add({ id, label: id, group: "", run: () => ran.push(id), ...more });
  const press = (target: Element, key: string, more: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent("keydown", {
      key,
      bubbles: true,
      cancelable: true,
      ...more,
    });
    target.dispatchEvent(event);
    return event;
  };

  beforeEach(() => {
    commands = new Commands();
    ran.length = 0;
    root.replaceChildren();
    document.body.append(root);
    document.body.addEventListener("keydown", outside);
    detach = attachKeys(root, commands);
    add("timeline.split");
    add("edit.undo");
    add("markers.add");
    add("player.play");
  });

  afterEach(() => {
    detach();
    document.body.removeEventListener("keydown", outside);
    outside.mockClear();
    root.remove();
  });

  it("run commands wherever the focus is, and stay there", () => {
    const places = [h("canvas", {}), h("button", {}), h("input", { type: "checkbox" })];
    root.append(...places);
    for (const place of [root, ...places]) {
      expect(press(place, "s").defaultPrevented).toBe(true);
    }
    expect(ran).toEqual(Array(4).fill("timeline.split"));
    expect(outside).not.toHaveBeenCalled();
  });

  it("belong to a text field while it has the focus", () => {
    const field = h("input", { type: "text" });
    root.append(field);
    expect(press(field, "s").defaultPrevented).toBe(false);
    expect(press(field, "z", { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(ran).toEqual([]);
    // Nor do they reach the notebook around it.
    expect(outside).not.toHaveBeenCalled();
  });

  it("save the notebook from a field as well", () => {
    add("notebook.save");
    const field = h("textarea", {});
    root.append(field);
    press(field, "s", { ctrlKey: true });
    expect(ran).toEqual(["notebook.save"]);
  });

  it("leave a field by Escape for the widget, whose keys then work", () => {
    const field = h("input", { type: "number" });
    root.append(field);
    field.focus();
    press(field, "Escape");
    expect(document.activeElement).toBe(root);
  });

  it("move a slider, and do all else", () => {
    const slider = h("input", { type: "range" });
    root.append(slider);
    add("player.nextFrame");
    expect(press(slider, "ArrowRight").defaultPrevented).toBe(false);
    press(slider, "z", { ctrlKey: true });
    expect(ran).toEqual(["edit.undo"]);
  });

  it("press a button that Tab reached, and play after a click", () => {
    const button = h("button", {});
    root.append(button);
    expect(press(button, " ").defaultPrevented).toBe(false);
    button.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    expect(press(button, " ").defaultPrevented).toBe(true);
    expect(ran).toEqual(["player.play"]);
    press(button, "Tab");
    expect(press(button, " ").defaultPrevented).toBe(false);
  });

  it("play after a click on what is drawn anew, and press where Tab leads then", () => {
    const [clicked, replacement, next] = [1, 2, 3].map(() => h("button", {}));
    if (!clicked || !replacement || !next) throw new Error("three were made");
    root.append(clicked, next);
    clicked.focus();
    clicked.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    clicked.replaceWith(replacement);
    replacement.focus();
    expect(press(replacement, " ").defaultPrevented).toBe(true);
    expect(ran).toEqual(["player.play"]);
    // Gone without a successor, it leaves the focus to the page.
    replacement.remove();
    press(document.body, "Tab");
    next.focus();
    expect(press(next, " ").defaultPrevented).toBe(false);
  });

  it("prefer the command around the focus", () => {
    const source = h("section", { tabindex: "0" });
    root.append(source);
    add("player.play", { within: source, run: () => ran.push("source") });
    press(source, " ");
    press(root, " ");
    expect(ran).toEqual(["source", "player.play"]);
  });

  it("keep to the enabled one of two commands, and run none that is disabled", () => {
    commands.keymap = { preset: "default", changes: { "edit.undo": ["S"] } };
    add("timeline.split", { isEnabled: () => false });
    press(root, "s");
    expect(ran).toEqual(["edit.undo"]);
    add("edit.undo", { isEnabled: () => false });
    expect(press(root, "s").defaultPrevented).toBe(true);
    expect(ran).toEqual(["edit.undo"]);
  });

  it("let the page have what the widget has no use for", () => {
    expect(press(root, "r", { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(outside).toHaveBeenCalledTimes(1);
    // A letter alone would be a notebook's command, such as cutting the cell.
    press(root, "x");
    expect(outside).toHaveBeenCalledTimes(1);
  });

  it("follow the keymap and what was changed in it", () => {
    commands.keymap = { preset: "premiere", changes: { "markers.add": ["Alt+M"] } };
    press(root, "k", { ctrlKey: true });
    press(root, "m");
    press(root, "m", { altKey: true });
    expect(ran).toEqual(["timeline.split", "markers.add"]);
    expect(commands.keysOf("timeline.split")).toBe("Ctrl+K");
  });

  it("are held until they are let go", () => {
    press(root, " ", { code: "Space" });
    expect(commands.held.has("player.play")).toBe(true);
    root.dispatchEvent(new KeyboardEvent("keyup", { code: "Space", bubbles: true }));
    expect(commands.held.has("player.play")).toBe(false);
  });
});
