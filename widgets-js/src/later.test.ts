// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Channel } from "./channel";
import { t } from "./i18n";
import { FakeModel } from "./test/model";

// As `build.mjs` makes it: a function of what gives the editor's modules by name.
const PROGRAM = `export default (require) => ({
  css: ".tnb-tiles{}",
  openPicker: () => require("i18n").t("Add media"),
})`;

let model: FakeModel;
let context: { readonly channel: Channel; readonly root: HTMLElement };

const open = () => {
  const own = new FakeModel();
  const root = document.createElement("div");
  return { model: own, context: { channel: new Channel(own), root } };
};
const answer = (own: FakeModel) => {
  const [asked] = own.requests("askLaterCode").slice(-1);
  const code = new DataView(new TextEncoder().encode(PROGRAM).buffer);
  own.answer({ kind: "laterCode", id: asked?.id ?? 0, view: asked?.view ?? "" }, [
    code,
  ]);
};

beforeEach(() => {
  vi.resetModules();
  // Modules cannot be imported from blobs here.
  vi.spyOn(URL, "createObjectURL").mockReturnValue(
    `data:text/javascript,${encodeURIComponent(PROGRAM)}`,
  );
  ({ model, context } = open());
});
afterEach(() => context.channel.close());

it("what is loaded later works with the editor's own modules, and has its styles", async () => {
  const { loadLater } = await import("./later");
  const loaded = [loadLater(context), loadLater(context)];
  expect(model.requests("askLaterCode")).toHaveLength(1);
  answer(model);
  const [later, again] = await Promise.all(loaded);
  expect(later?.openPicker(null as never, null as never, null as never)).toBe(
    t("Add media"),
  );
  expect(again).toBe(later);
  expect(context.root.querySelectorAll("style")).toHaveLength(1);
  const other = open();
  await loadLater(other.context);
  expect(other.model.requests("askLaterCode")).toHaveLength(0);
  expect(other.context.root.querySelectorAll("style")).toHaveLength(1);
});

it("a view asks its own kernel, and what comes first serves those that wait", async () => {
  const { loadLater } = await import("./later");
  const busy = loadLater(context);
  const other = open();
  const served = loadLater(other.context);
  answer(other.model);
  const later = await served;
  expect(await busy).toBe(later);
  // The busy kernel answers late: there is one program for all.
  answer(model);
  await new Promise((resolve) => setTimeout(resolve));
  expect(await loadLater(context)).toBe(later);
});

it("a view that closes while it loads stops no other, and what failed is asked again", async () => {
  const { loadLater } = await import("./later");
  const first = loadLater(context);
  const other = open();
  const second = loadLater(other.context);
  context.channel.close();
  await expect(first).rejects.toMatchObject({ name: "AbortError" });
  const [asked] = other.model.requests("askLaterCode");
  const address = { id: asked?.id ?? 0, view: asked?.view ?? "" };
  other.model.answer({ kind: "refused", message: "no such file", ...address });
  await expect(second).rejects.toThrow("no such file");
  const again = loadLater(other.context);
  answer(other.model);
  expect((await again).css).toBe(".tnb-tiles{}");
});

it("a page that could not load a program asks at another address", async () => {
  const { importBeside } = await import("./importCode");
  const asked: string[] = [];
  const load = async (address: string) => {
    asked.push(address);
    if (asked.length < 3) throw new TypeError("Failed to fetch");
    return "program";
  };
  const take = () =>
    importBeside("http://127.0.0.1:9/static/editor.js", "later.js", load);
  await expect(take()).rejects.toThrow("Failed to fetch");
  await expect(take()).rejects.toThrow("Failed to fetch");
  expect(await take()).toBe("program");
  expect(asked).toEqual([
    "http://127.0.0.1:9/static/later.js",
    "http://127.0.0.1:9/static/later.js?again=1",
    "http://127.0.0.1:9/static/later.js?again=2",
  ]);
});

it("who begins to listen later is told the last answer of what is remembered", () => {
  const { channel } = context;
  channel.remember("presets");
  const heard = vi.fn();
  model.answer({ kind: "presets", presets: [] });
  model.answer({ kind: "fonts", families: [], styles: [] });
  channel.on("presets", heard);
  channel.on("fonts", heard);
  expect(heard.mock.calls.map(([{ kind }]) => kind)).toEqual(["presets"]);
});
