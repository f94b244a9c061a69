import { describe, expect, it } from "vitest";
import { FakeModel } from "../test/model";
import { PlayingTurn } from "./turn";

/** As of anywidget: who sets a trait hears of it, as the other views do. */
class SharedModel extends FakeModel {
  override set = (name: string, value: unknown): void => {
    if (this.traits[name] !== value) this.change(name, value);
  };
}

/** A view that plays or not, and how often it began. */
function makeView(model: SharedModel, name: string) {
  const view = {
    playing: false,
    begun: 0,
    press(playing: boolean) {
      view.playing = playing;
      if (playing) view.begun += 1;
      turn.tell();
    },
  };
  const turn = new PlayingTurn(model, name, {
    isPlaying: () => view.playing,
    play: () => view.press(true),
    pause: () => view.press(false),
  });
  return view;
}

describe("views of one widget", () => {
  const make = () => {
    const model = new SharedModel({ playing: false, _playing_view: "" });
    return { model, one: makeView(model, "one"), two: makeView(model, "two") };
  };

  it("play one at a time", () => {
    const { model, one, two } = make();
    one.press(true);
    expect([one.playing, two.begun, model.get("playing")]).toEqual([true, 0, true]);
    two.press(true);
    expect([one.playing, two.playing, model.get("playing")]).toEqual([
      false,
      true,
      true,
    ]);
    two.press(false);
    expect([one.begun, two.begun, model.get("playing")]).toEqual([1, 1, false]);
  });

  it("play and pause by a cell, too", () => {
    const { model, one, two } = make();
    one.press(true);
    model.change("playing", false);
    expect([one.playing, model.get("_playing_view")]).toEqual([false, ""]);
    model.change("playing", true);
    expect([one.playing, two.playing]).toEqual([true, false]);
    model.change("playing", false);
    expect([one.playing, two.playing]).toEqual([false, false]);
  });
});
