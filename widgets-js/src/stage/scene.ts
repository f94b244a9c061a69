/** The layers on the frame that the player shows, as the kernel told them last. */

import { type Channel, isAbort } from "../channel";
import type { Engine } from "../player/engine";
import type { StageLayer } from "../protocol";
import type { Point } from "./geometry";

export class Scene {
  /** Bottom to top; none while it plays. */
  layers: readonly StageLayer[] = [];
  /** Width and height of the picture that layers lie on. */
  size: Point = [1, 1];
  frame = -1;
  #channel: Channel;
  #engine: Engine;
  #changed: () => void;
  #asked = "";
  #abort: AbortController | undefined;

  constructor(channel: Channel, engine: Engine, changed: () => void) {
    this.#channel = channel;
    this.#engine = engine;
    this.#changed = changed;
  }

  /** Ask for the layers of a frame that is on the screen now. */
  show(frame: number): void {
    this.frame = frame;
    if (this.#engine.playing) {
      this.#asked = "";
      this.#abort?.abort();
      if (this.layers.length) this.set([]);
      return;
    }
    const key = `${this.#engine.source.view.version} ${frame}`;
    if (key === this.#asked) return;
    this.#asked = key;
    void this.#ask(frame);
  }

  set(layers: readonly StageLayer[]): void {
    this.layers = layers;
    this.#changed();
  }

  /** Ask again: what was told may have changed. */
  refresh(): void {
    this.#asked = "";
    if (this.frame >= 0) this.show(this.frame);
  }

  layer(item: string | undefined): StageLayer | undefined {
    return this.layers.find((layer) => layer.item === item);
  }

  close(): void {
    this.#abort?.abort();
  }

  async #ask(frame: number): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const { answer } = await this.#channel.request(
        { kind: "askStage", frame },
        { signal: abort.signal },
      );
      this.size = [answer.width, answer.height];
      this.set(answer.layers);
    } catch (problem) {
      // A clip without a place has no handles; the next frame asks again.
      if (!isAbort(problem)) this.set([]);
    }
  }
}
