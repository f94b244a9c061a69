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

it("a view whose neighbor closes while it loads asks for itself", async () => {
  const { loadLater } = await import("./later");
  const first = loadLater(context);
  const other = open();
  const second = loadLater(other.context);
  context.channel.close();
  await expect(first).rejects.toMatchObject({ name: "AbortError" });
  await vi.waitFor(() => expect(other.model.requests("askLaterCode")).toHaveLength(1));
  answer(other.model);
  expect((await second).css).toBe(".tnb-tiles{}");
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
