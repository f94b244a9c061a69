/** Corrections of boxes, and changes of zones and lines, as they are sent. */

import type { Channel } from "../channel";
import { t } from "../i18n";
import type { Notice } from "../ui/notice";
import { oppositeCorners, type Rect } from "./boxDrag";

export interface BoxChange {
  readonly remove?: boolean;
  readonly label?: string;
  readonly box?: Rect;
}

export interface ShapeChange {
  readonly remove?: boolean;
  readonly label?: string;
}

export class BoxChanges {
  #channel: Channel;
  #notice: Notice;
  #where: () => { readonly version: number; readonly frame: number };

  constructor(
    channel: Channel,
    notice: Notice,
    where: () => { readonly version: number; readonly frame: number },
  ) {
    this.#channel = channel;
    this.#notice = notice;
    this.#where = where;
  }

  /** Move a box, change its label, or remove it. */
  async correct(row: number, change: BoxChange): Promise<void> {
    try {
      await this.#channel.request({
        kind: "correct",
        ...this.#where(),
        row,
        remove: change.remove ?? false,
        label: change.label ?? "",
        points: change.box ? oppositeCorners(change.box) : [],
      });
      this.#notice.say(t("Correction saved"));
    } catch (problem) {
      this.#notice.problem(problem);
    }
  }

  /** Change the label of a zone or line, or remove it. */
  async changeShape(number: number, change: ShapeChange): Promise<void> {
    const { label = "", remove = false } = change;
    try {
      await this.#channel.request({ kind: "changeShape", number, label, remove });
    } catch (problem) {
      this.#notice.problem(problem);
    }
  }
}
