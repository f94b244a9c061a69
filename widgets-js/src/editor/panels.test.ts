// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel } from "../channel";
import type { WidgetContext } from "../context";
import type { PanelItemView, PanelView } from "../protocol";
import { FakeModel } from "../test/model";
import { Notice } from "../ui/notice";
import { makePluginPanels } from "./panels";
import { makePlugins } from "./plugins";

vi.mock("../later", () => ({ loadLater: () => import("../entry/editorLater") }));

const ITEM: PanelItemView = {
  kind: "text",
  label: "",
  text: "",
  fraction: 0,
  columns: [],
  rows: [],
  name: "",
  type: "",
  value: "",
  choices: [],
};
const EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>";

const field = (name: string, value: PanelItemView["value"], type = "text") =>
  ({ ...ITEM, kind: "field", name, label: name, type, value }) as PanelItemView;
const button = (label: string): PanelItemView => ({ ...ITEM, kind: "button", label });
const panel = (more: Partial<PanelView>): PanelView => ({
  plugin: "org.example.one",
  name: "One",
  title: "",
  version: 1,
  items: [],
  leftOut: 0,
  running: "",
  problem: "",
  refused: [],
  ...more,
});

let model: FakeModel;
let channel: Channel;
let notice: Notice;
let root: HTMLElement;

const show = (...panels: PanelView[]) => model.answer({ kind: "pluginPanels", panels });
const all = <E extends HTMLElement>(name: string) => [
  ...root.querySelectorAll<E>(name),
];

beforeEach(() => {
  model = new FakeModel();
  channel = new Channel(model);
  notice = new Notice();
  root = makePluginPanels(channel, notice);
  document.body.append(root);
});

afterEach(() => {
  channel.close();
  notice.close();
  root.remove();
});

describe("panels of plugins", () => {
  it("are not there without plugins, and go with them", () => {
    expect(root.hidden).toBe(true);
    show(panel({}), panel({ plugin: "org.example.two" }));
    expect(root.hidden).toBe(false);
    expect(all(".tnb-plugin")).toHaveLength(2);
    show(panel({}));
    expect(all(".tnb-plugin")).toHaveLength(1);
    show();
    expect(root.hidden).toBe(true);
  });

  it("show text as text, wherever it stands", () => {
    show(
      panel({
        name: EVIL,
        title: EVIL,
        problem: EVIL,
        running: EVIL,
        refused: [EVIL],
        items: [
          { ...ITEM, text: EVIL },
          { ...ITEM, kind: "value", label: EVIL, text: EVIL },
          { ...ITEM, kind: "progress", label: EVIL, fraction: 0.5 },
          { ...ITEM, kind: "table", columns: [EVIL], rows: [[EVIL]] },
          { ...field("a", EVIL), label: EVIL },
          { ...field("b", EVIL, "choice"), choices: [EVIL] },
          button(EVIL),
        ],
      }),
    );
    expect(all("img, script")).toHaveLength(0);
    expect(root.textContent?.split(EVIL).length).toBeGreaterThan(10);
    expect(all<HTMLInputElement>("input")[0]?.value).toBe(EVIL);
  });

  it("press a button of the version that was seen, with the values of the fields", () => {
    const items = [
      field("title", "Bikes"),
      field("parts", 2, "number"),
      field("notify", true, "checkbox"),
      { ...field("privacy", "b", "choice"), choices: ["a", "b"] },
      button("Upload"),
    ];
    show(panel({ version: 7, items }));
    const [title] = all<HTMLInputElement>("input");
    if (title) title.value = "Trees";
    all<HTMLButtonElement>(".tnb-fields button")[0]?.click();
    expect(model.requests("pressPanel")[0]).toMatchObject({
      plugin: "org.example.one",
      version: 7,
      button: 4,
      values: { title: "Trees", parts: 2, notify: true, privacy: "b" },
    });
  });

  it("keep what is typed while other things change, and the focus", () => {
    const items = (text: string) => [{ ...ITEM, text }, field("title", "Bikes")];
    show(panel({ items: items("one") }));
    const [title] = all<HTMLInputElement>("input");
    if (title) title.value = "Trees";
    title?.focus();
    show(panel({ version: 2, items: items("two") }));
    const [after] = all<HTMLInputElement>("input");
    expect(after?.value).toBe("Trees");
    expect(document.activeElement).toBe(after);
    // What the plugin says anew takes its place.
    show(panel({ version: 3, items: [field("title", "Birds")] }));
    expect(all<HTMLInputElement>("input")[0]?.value).toBe("Birds");
  });

  it("let nothing be pressed while a command runs, but cancel", () => {
    show(panel({ items: [button("Upload")], running: "upload" }));
    const buttons = all<HTMLButtonElement>(".tnb-fields button");
    expect(buttons[0]?.disabled).toBe(true);
    all<HTMLButtonElement>("[role=status] button")[0]?.click();
    expect(model.requests("cancelPanel")).toHaveLength(1);
    show(panel({ items: [button("Upload")] }));
    expect(buttons[0]?.disabled).toBe(false);
  });

  it("leave the names of objects alone", () => {
    show(panel({ items: [field("constructor", "x"), button("Go")] }));
    all<HTMLButtonElement>(".tnb-fields button")[0]?.click();
    const { values } = model.requests("pressPanel")[0] as unknown as {
      values: Record<string, unknown>;
    };
    expect(Object.entries(values)).toEqual([["constructor", "x"]]);
  });

  it("say how much is left out", () => {
    show(panel({ leftOut: 9_900 }));
    expect(root.textContent).toContain("9900 more are not shown");
  });

  it("are loaded with the first, and the messages come without any", async () => {
    const host = document.createElement("div");
    const context = { channel, notice, root: host } as unknown as WidgetContext;
    channel.remember("pluginPanels");
    host.append(makePlugins(context));
    model.answer({ kind: "pluginMessage", plugin: "org.example.one", text: "hello" });
    expect(notice.element.textContent).toBe("org.example.one says: hello");
    expect(model.requests("askLaterCode")).toHaveLength(0);
    show(panel({ items: [button("Go")] }));
    await vi.waitFor(() => expect(host.textContent).toContain("Go"));
  });

  it("pass on what a plugin says, with its name", () => {
    makePlugins({ channel, notice } as unknown as WidgetContext);
    model.answer({ kind: "pluginMessage", plugin: "org.example.one", text: EVIL });
    expect(notice.element.textContent).toBe(`org.example.one says: ${EVIL}`);
    expect(notice.element.querySelector("img")).toBeNull();
  });
});
