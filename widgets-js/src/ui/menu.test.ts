// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { h } from "./dom";
import { contextMenu, type MenuGroups, openMenu } from "./menu";

describe("a menu", () => {
  const host = h("div", { class: "tnb", tabindex: "0" });
  const pick = vi.fn();
  const item = (label: string, more: object = {}) => ({
    label,
    pick: () => pick(label),
    ...more,
  });
  const groups: MenuGroups = [
    [item("Cut"), item("Copy", { disabled: true }), item("Paste")],
    [{ label: "Add", groups: [[item("Video track"), item("Audio track")]] }],
  ];
  const open = () => {
    document.body.append(host);
    host.focus();
    return openMenu(host, { x: 5, y: 5 }, groups);
  };
  const focused = () => document.activeElement?.querySelector("span")?.textContent;
  const press = (key: string) =>
    document.activeElement?.dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
    );

  afterEach(() => {
    document.body.replaceChildren();
    host.replaceChildren();
    pick.mockClear();
  });

  it("is moved through by arrows, Home, End and letters, past what is disabled", () => {
    open();
    expect(focused()).toBe("Cut");
    press("ArrowDown");
    expect(focused()).toBe("Paste");
    press("End");
    expect(focused()).toBe("Add");
    press("ArrowDown");
    expect(focused()).toBe("Cut");
    press("p");
    expect(focused()).toBe("Paste");
  });

  it("opens a submenu to the right and closes it to the left", () => {
    open();
    press("End");
    press("ArrowRight");
    expect(focused()).toBe("Video track");
    press("ArrowLeft");
    expect(focused()).toBe("Add");
    press("ArrowRight");
    press("ArrowDown");
    (document.activeElement as HTMLElement).click();
    expect(pick.mock.calls).toEqual([["Audio track"]]);
    expect(document.querySelectorAll("[role=menu]")).toHaveLength(0);
  });

  it("gives the focus back at Escape, and its keys go no further", () => {
    const outside = vi.fn();
    document.body.addEventListener("keydown", outside);
    open();
    press("Escape");
    expect(document.activeElement).toBe(host);
    expect(document.querySelector("[role=menu]")).toBeNull();
    expect(outside).not.toHaveBeenCalled();
    document.body.removeEventListener("keydown", outside);
  });

  it("opens by the mouse and the menu key, never the page's", () => {
    const inner = h("button", {}, "clip");
    host.append(inner);
    document.body.append(host);
    const page = vi.fn();
    document.body.addEventListener("contextmenu", page);
    const detach = contextMenu(host, () => groups);
    const click = new MouseEvent("contextmenu", { bubbles: true, cancelable: true });
    inner.dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    press("Escape");
    for (const more of [{ key: "ContextMenu" }, { key: "F10", shiftKey: true }]) {
      inner.dispatchEvent(
        new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...more }),
      );
      expect(document.querySelectorAll("[role=menu]")).toHaveLength(1);
      press("Escape");
    }
    expect(page).not.toHaveBeenCalled();
    detach();
    document.body.removeEventListener("contextmenu", page);
  });

  it("leaves a field the browser's menu, and keeps the page's away", () => {
    const field = h("input", { type: "text" });
    host.append(field);
    document.body.append(host);
    const page = vi.fn();
    document.body.addEventListener("contextmenu", page);
    const detach = contextMenu(host, () => groups);
    const click = new MouseEvent("contextmenu", { bubbles: true, cancelable: true });
    field.dispatchEvent(click);
    expect(click.defaultPrevented).toBe(false);
    expect(page).not.toHaveBeenCalled();
    detach();
    document.body.removeEventListener("contextmenu", page);
  });
});
