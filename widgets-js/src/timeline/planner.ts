/** Ask the kernel what a drag would do: one question at a time, the latest next. */

import { type Channel, isAbort, isGone, type RequestBody } from "../channel";
import type { DragPlan } from "../protocol";

type Planned = Extract<
  RequestBody,
  { readonly kind: "move" | "trim" | "slide" | "placeMedia" | "editMedia" }
>;
type PlanListener = (plan: DragPlan | undefined, problem: string) => void;

const KINDS: ReadonlySet<string> = new Set([
  "move",
  "trim",
  "slide",
  "placeMedia",
  "editMedia",
]);

function isPlanned(body: RequestBody): body is Planned {
  return KINDS.has(body.kind);
}

export class Planner {
  #isBusy = false;
  #next: { readonly change: Planned; readonly told: PlanListener } | undefined;

  constructor(readonly channel: Channel) {}

  /** Plan a change; of several while one is planned, the last one is. */
  ask(change: RequestBody | undefined, told: PlanListener): void {
    if (!change || !isPlanned(change)) {
      this.#next = undefined;
      told(undefined, "");
      return;
    }
    this.#next = { change, told };
    if (!this.#isBusy) void this.#run();
  }

  /** Forget what was asked last. */
  cancel(): void {
    this.#next = undefined;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#next) {
      const { change, told } = this.#next;
      this.#next = undefined;
      try {
        const whole = { ...change, id: 0, view: this.channel.view };
        const { answer } = await this.channel.request({ kind: "plan", change: whole });
        told(answer, "");
      } catch (error) {
        if (isAbort(error)) break;
        const why = error instanceof Error ? error.message : String(error);
        // What is gone ends its drag by itself.
        told(undefined, isGone(error) ? "" : why);
      }
    }
    this.#isBusy = false;
  }
}
