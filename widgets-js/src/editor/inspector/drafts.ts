/** Show a change in the player while it is dragged; the step is made at its end. */

import type { Channel, RequestBody } from "../../channel";

type Change = Extract<
  RequestBody,
  { readonly kind: "setClips" | "changeEffect" | "setTransition" }
>;

export type { Change as DraftChange };

export class Drafts {
  #channel: Channel;
  #next: Change | undefined;
  #isBusy = false;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Show a change; of those that come faster than the kernel answers, the last. */
  show(change: Change): void {
    this.#next = change;
    if (!this.#isBusy) void this.#send();
  }

  /** Show the edit as it is. */
  cancel(): void {
    this.#next = undefined;
    this.#channel.request({ kind: "draft" }).catch(() => undefined);
  }

  /** Forget what was not shown yet: the step itself comes next. */
  end(): void {
    this.#next = undefined;
  }

  async #send(): Promise<void> {
    this.#isBusy = true;
    while (this.#next) {
      const change = { ...this.#next, id: 0, view: this.#channel.view };
      this.#next = undefined;
      try {
        await this.#channel.request({ kind: "draft", change });
      } catch {
        // The step at the end says what is wrong.
        break;
      }
    }
    this.#isBusy = false;
  }
}
