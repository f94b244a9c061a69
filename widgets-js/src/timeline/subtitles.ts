/** Lines of subtitles: added on the timeline, then written on the picture. */

import { t } from "../i18n";
import { askToEditText } from "../textEdit";
import type { Actions } from "./actions";

export class SubtitleEdits {
  constructor(
    readonly actions: Actions,
    readonly host: HTMLElement,
  ) {}

  /** Add a line at a time, on a track if one is named, and have its text written. */
  async add(atS = this.actions.atS, track?: string): Promise<void> {
    const { channel, notice } = this.actions;
    const where = track ? { track } : {};
    try {
      const body = { kind: "addSubtitle", atS, text: t("Text"), ...where } as const;
      const { answer } = await channel.request(body);
      this.write(answer.text, atS);
    } catch (problem) {
      notice.problem(problem);
    }
  }

  /** Select a line, go to where it is shown, and edit its text there. */
  write(item: string, startS: number): void {
    const { playhead, state } = this.actions;
    const [, endS] = this.actions.spanOf(item) ?? [startS, startS];
    const { seconds } = playhead;
    state.select([item]);
    if (seconds < startS || seconds >= endS) playhead.move(startS);
    askToEditText(this.host, item);
  }
}
