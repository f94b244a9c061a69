/** What makes a second player: a channel and a model of its own, over the widget's. */

import { Channel, type Model } from "../channel";

// The kernel's MONITOR_SUFFIX: such a view is sent nothing of the edit.
const SUFFIX = ".source";

/** A channel that hears only what is said to its own view. */
export function sourceChannel(model: Model): Channel {
  return new Channel(model, SUFFIX);
}

/** A model that keeps a player's state in the page, and sends messages by another. */
export function sourceModel(model: Model): Model {
  const state = new Map<string, unknown>([
    ["playhead", 0],
    ["playing", false],
    ["_quality", model.get("_quality")],
  ]);
  return {
    get: (name) => state.get(name),
    set: (name, value) => void state.set(name, value),
    save_changes: () => undefined,
    send: model.send.bind(model),
    on: () => undefined,
    off: () => undefined,
  };
}
