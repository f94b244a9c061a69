// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel } from "../channel";
import type { WidgetContext } from "../context";
import type { PlayerView } from "../player/view";
import type { StageLayer } from "../protocol";
import { FakeModel } from "../test/model";
import { Notice } from "../ui/notice";
import { LAYER, TEXT } from "./fixtures";
import { attachPointer } from "./pointer";
import { Stage } from "./stage";

describe("the picture", () => {
  let model: FakeModel;
  let channel: Channel;
  let stage: Stage;
  let engine: { playing: boolean; source: { view: { version: number } } };
  const told = vi.spyOn(Notice.prototype, "say");
  const fire = (type: string, x: number, y: number) =>
    stage.element.dispatchEvent(
      new PointerEvent(type, { clientX: x, clientY: y, button: 0 }),
    );
  const select = (...items: string[]) => {
    model.traits.selection = items;
    stage.onSelection();
  };

  beforeEach(() => {
    told.mockClear();
    model = new FakeModel({ selection: [LAYER.item] });
    channel = new Channel(model);
    engine = { playing: false, source: { view: { version: 1 } } };
    const context = { model, channel, notice: new Notice() };
    stage = new Stage(
      context as unknown as WidgetContext,
      { engine } as unknown as PlayerView,
    );
    stage.scene.size = [640, 360];
    Object.defineProperty(stage.element, "clientWidth", { value: 640 });
    stage.scene.set([LAYER, { ...LAYER, item: "other" }]);
    stage.mode = "transform";
    attachPointer(stage);
  });
  afterEach(() => {
    stage.close();
    channel.close();
  });

  it("ends a drag when its clip is gone, and drags no other one", () => {
    fire("pointerdown", 150, 80);
    fire("pointermove", 200, 90);
    expect(stage.drag?.layer.item).toBe(LAYER.item);
    select("other");
    expect(stage.drag).toBeUndefined();
    fire("pointermove", 220, 90);
    expect(stage.drag).toBeUndefined();
    fire("pointerup", 220, 90);
    const made = model.requests("placeOnPicture").filter(({ draftPx }) => !draftPx);
    expect(made).toEqual([]);
  });

  it("says nothing when the kernel refuses what had just gone", async () => {
    fire("pointerdown", 150, 80);
    fire("pointermove", 200, 90);
    fire("pointerup", 200, 90);
    const [asked] = model.requests("placeOnPicture").filter((one) => !one.draftPx);
    const refusal = { kind: "refused", id: asked?.id ?? 0, view: asked?.view ?? "" };
    model.answer({ ...refusal, message: "no item", isGone: true } as never);
    await Promise.resolve();
    expect(asked).toBeDefined();
    expect(told).not.toHaveBeenCalled();
  });

  it("opens the text of a line that is waited for, but not after playback", () => {
    const line: StageLayer = { ...LAYER, item: "s1", type: "subtitle", text: TEXT };
    select("s1");
    stage.editText("s1");
    stage.scene.set([line]);
    expect(stage.editor.layer?.item).toBe("s1");
    stage.editor.cancel();
    stage.scene.set([]);
    stage.editText("s1");
    engine.playing = true;
    stage.show(3);
    engine.playing = false;
    stage.scene.set([line]);
    expect(stage.editor.layer).toBeUndefined();
  });
});
