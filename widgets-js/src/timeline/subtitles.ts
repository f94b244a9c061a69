/** Lines of subtitles: added on the timeline, then written on the picture. */

import { t } from "../i18n";
import { askToEditText } from "../textEdit";
import type { Commands } from "../ui/commands";
import type { Actions } from "./actions";

export class SubtitleEdits {
  constructor(
    readonly actions: Actions,
    readonly commands: Commands,
    readonly host: HTMLElement,
  ) {}

  /** Add a line at a time, else at the playhead, and have its text written. */
  async add(atS?: number, track?: string): Promise<void> {
    this.#standStill();
    const { channel, notice } = this.actions;
    const startS = atS ?? this.actions.atS;
    const where = track ? { track } : {};
    try {
      const body = {
        kind: "addSubtitle",
        atS: startS,
        text: t("Text"),
        ...where,
      } as const;
      const { answer } = await channel.request(body);
      this.write(answer.text, startS);
    } catch (problem) {
      notice.problem(problem);
    }
  }

  /** Select a line, go to where it is shown, and edit its text there. */
  write(item: string, startS: number): void {
    this.#standStill();
    const { playhead, state } = this.actions;
    const [, endS] = this.actions.spanOf(item) ?? [startS, startS];
    const { seconds } = playhead;
    state.select([item]);
    if (seconds < startS || seconds >= endS) playhead.move(startS);
    askToEditText(this.host, item);
  }

  /** Have the picture in sight, as with the focus on the timeline, and paused. */
  #standStill(): void {
    this.commands.run("timeline.focus");
    this.commands.run("player.pause");
  }
}
