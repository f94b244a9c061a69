// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pressOver } from "../test/press";
import { h } from "./dom";
import { KeyedRows } from "./keyedRows";

interface Song {
  readonly name: string;
  readonly plays: number;
}

const song = (name: string, plays = 0): Song => ({ name, plays });

describe("keyed rows", () => {
  let list = document.createElement("ul");
  const played = vi.fn();
  let rows: KeyedRows<Song>;
  const texts = () => [...list.children].map((row) => row.textContent);
  const button = (name: string) =>
    [...list.querySelectorAll("button")].find((own) => own.textContent === name);

  beforeEach(() => {
    played.mockClear();
    list = document.createElement("ul");
    document.body.replaceChildren(list);
    rows = new KeyedRows<Song>(list, {
      make: (now, { name }) => {
        const on = { click: () => played(now()) };
        return { element: h("li", {}, h("button", { on }, name)) };
      },
    });
  });

  it("come, go and move, and those that stay are the same elements", () => {
    rows.show([song("a"), song("b"), song("c")]);
    const [a, b, c] = list.children;
    rows.show([song("x"), song("c"), song("a"), song("b")]);
    expect(texts()).toEqual(["x", "c", "a", "b"]);
    expect([...list.children].slice(1)).toEqual([c, a, b]);
    rows.show([song("b"), song("a", 1)]);
    expect(texts()).toEqual(["b", "a"]);
    expect(list.children[0]).toBe(b);
    expect(list.children[1]).not.toBe(a);
  });

  it("touch only what has come or moved", async () => {
    rows.show(["a", "b", "c", "d"].map((name) => song(name)));
    const moved: Node[] = [];
    const watcher = new MutationObserver((records) => {
      for (const { addedNodes } of records) moved.push(...addedNodes);
    });
    watcher.observe(list, { childList: true });
    rows.show(["x", "a", "b", "c", "d"].map((name) => song(name)));
    await vi.waitFor(() => expect(moved).toEqual([list.children[0]]));
    moved.length = 0;
    rows.show(["x", "b", "c", "d", "a"].map((name) => song(name)));
    await vi.waitFor(() => expect(new Set(moved)).toEqual(new Set([list.children[4]])));
    watcher.disconnect();
  });

  it("of equal items each have a row", () => {
    rows.show([song("a"), song("a")]);
    expect(texts()).toEqual(["a", "a"]);
    rows.show([song("a")]);
    expect(texts()).toEqual(["a"]);
  });

  it("get a click that a message came into, and know their item of then", async () => {
    const keyed = document.createElement("ul");
    document.body.append(keyed);
    const plays = vi.fn();
    const counted = new KeyedRows<Song>(keyed, {
      key: ({ name }) => name,
      make: (now, { name }) => {
        const on = { click: () => plays(now()?.plays) };
        return { element: h("li", {}, h("button", { on }, name)) };
      },
    });
    counted.show([song("a", 1), song("b", 1)]);
    const pressed = keyed.querySelectorAll("button")[1];
    await pressOver(pressed, () => counted.show([song("c"), song("b", 7)]));
    expect(plays.mock.calls).toEqual([[7]]);
    expect([...keyed.children].map((row) => row.textContent)).toEqual(["c", "b"]);
  });

  it("whose item went under a press do not stand for another one", async () => {
    rows.show([song("a"), song("b")]);
    await pressOver(button("b"), () => rows.show([song("a")]));
    expect(played.mock.calls).toEqual([[undefined]]);
    expect(texts()).toEqual(["a"]);
  });

  it("wait for a press of the space bar as well", async () => {
    rows.show([song("a")]);
    const key = (type: string) =>
      button("a")?.dispatchEvent(new KeyboardEvent(type, { key: " ", bubbles: true }));
    key("keydown");
    rows.show([song("b")]);
    expect(texts()).toEqual(["a"]);
    key("keyup");
    await vi.waitFor(() => expect(texts()).toEqual(["b"]));
  });

  it.each(["change", "pointermove"])(
    "go on when a list of the browser took the release, at a %s",
    async (type) => {
      rows.show([song("a")]);
      const fire = (name: string, buttons: number) =>
        button("a")?.dispatchEvent(new PointerEvent(name, { bubbles: true, buttons }));
      fire("pointerdown", 1);
      fire("pointermove", 1);
      rows.show([song("b")]);
      await new Promise((resolve) => setTimeout(resolve));
      expect(texts()).toEqual(["a"]);
      fire(type, 0);
      await vi.waitFor(() => expect(texts()).toEqual(["b"]));
    },
  );

  it("wait while another field, which the press leaves, sends its change", async () => {
    const field = document.createElement("input");
    document.body.append(field);
    rows.show([song("a")]);
    const pressed = button("a");
    const fire = (target: Element | undefined, event: Event) =>
      target?.dispatchEvent(event);
    fire(pressed, new PointerEvent("pointerdown", { bubbles: true }));
    fire(field, new Event("change", { bubbles: true }));
    rows.show([song("b")]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(texts()).toEqual(["a"]);
    fire(pressed, new PointerEvent("pointerup", { bubbles: true }));
    await vi.waitFor(() => expect(texts()).toEqual(["b"]));
  });

  it("wait for a press that begins right after another one", async () => {
    rows.show([song("a")]);
    const fire = (type: string) =>
      button("a")?.dispatchEvent(new PointerEvent(type, { bubbles: true }));
    for (const type of ["pointerdown", "pointerup", "pointerdown"]) fire(type);
    await new Promise((resolve) => setTimeout(resolve));
    rows.show([song("b")]);
    expect(texts()).toEqual(["a"]);
    fire("pointerup");
    await vi.waitFor(() => expect(texts()).toEqual(["b"]));
  });

  it("stay while one of them is dragged, which cancels its pointer", async () => {
    rows.show([song("a")]);
    const fire = (type: string) =>
      button("a")?.dispatchEvent(new PointerEvent(type, { bubbles: true }));
    for (const type of ["pointerdown", "dragstart", "pointercancel"]) fire(type);
    rows.show([song("b")]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(texts()).toEqual(["a"]);
    fire("dragend");
    await vi.waitFor(() => expect(texts()).toEqual(["b"]));
  });

  it("keep the focus, and give that of a replaced row to the one in its place", () => {
    rows.show([song("a"), song("b")]);
    button("b")?.focus();
    rows.show([song("b"), song("a")]);
    expect(document.activeElement?.textContent).toBe("b");
    rows.show([song("b", 1), song("a")]);
    expect(document.activeElement).toBe(list.querySelector("button"));
    rows.show([song("a")]);
    expect(document.activeElement?.textContent).toBe("a");
  });
});
