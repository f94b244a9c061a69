// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Commands } from "./commands";
import { makeKeyList } from "./keyList";

describe("the list of keys", () => {
  let commands = new Commands();
  const keep = vi.fn((changes: Readonly<Record<string, readonly string[]>>) => {
    commands.keymap = { preset: "default", changes };
    return Promise.resolve();
  });
  let list = makeKeyList(commands, keep);
  const row = (id: string) =>
    list.element.querySelector<HTMLElement>(`[data-id="${id}"]`);
  const keysOf = (id: string) =>
    [...(row(id)?.querySelectorAll("kbd") ?? [])].map((key) => key.textContent);
  const button = (label: string) =>
    list.element.querySelector<HTMLButtonElement>(`[aria-label="${label}"]`);
  const record = (name: string, key: string, more: KeyboardEventInit = {}) => {
    button(`Change the keys of ${name}`)?.click();
    const field = button(`Press the new keys of ${name}`);
    field?.dispatchEvent(
      new KeyboardEvent("keydown", { key, cancelable: true, ...more }),
    );
  };

  beforeEach(() => {
    vi.useFakeTimers();
    commands = new Commands();
    keep.mockClear();
    for (const [id, label, group] of [
      ["timeline.split", "Split", "Clips"],
      ["markers.add", "Add a marker", "Markers"],
      ["edit.undo", "Undo", "Edit"],
    ] as const) {
      commands.add({ id, label, group, run: () => undefined });
    }
    list = makeKeyList(commands, keep);
    document.body.append(list.element);
  });
  afterEach(() => {
    list.close();
    document.body.replaceChildren();
    vi.useRealTimers();
  });

  it("is searched by name, group and keys", () => {
    const search = list.element.querySelector("input") as HTMLInputElement;
    const found = (text: string) => {
      search.value = text;
      search.dispatchEvent(new Event("input"));
      const rows = list.element.querySelectorAll<HTMLElement>("[data-id]");
      return [...rows].map((one) => one.dataset.id);
    };
    expect(found("spl")).toEqual(["timeline.split"]);
    expect(found("clips")).toEqual(["timeline.split"]);
    expect(found("ctrl+z")).toEqual(["edit.undo"]);
    expect(found("nothing like it")).toEqual([]);
    expect(list.element.textContent).toContain("No command has this name or key.");
  });

  it("records the next keys, and takes them away, and gives them back", () => {
    record("Split", "k", { ctrlKey: true });
    expect(keysOf("timeline.split")).toEqual(["Ctrl+K"]);
    button("Remove the keys of Split")?.click();
    expect(keysOf("timeline.split")).toEqual([]);
    button("Reset the keys of Split")?.click();
    expect(keysOf("timeline.split")).toEqual(["S", "Ctrl+B"]);
    expect(keep).toHaveBeenLastCalledWith({});
  });

  it("names who has the keys already, and takes them only when told to", () => {
    record("Split", "m");
    expect(keep).not.toHaveBeenCalled();
    const question = row("timeline.split")?.querySelector("[role=alert]");
    expect(question?.textContent).toContain("M is already used by: Add a marker");
    question?.querySelector("button")?.click();
    expect(keysOf("timeline.split")).toEqual(["M"]);
    expect(keysOf("markers.add")).toEqual([]);
  });

  it("records nothing at Escape", () => {
    record("Split", "Escape");
    expect(keep).not.toHaveBeenCalled();
    expect(keysOf("timeline.split")).toEqual(["S", "Ctrl+B"]);
  });
});
