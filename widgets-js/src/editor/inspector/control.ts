/** What every control of a parameter has, and what it is given. */

import type { ParameterView } from "../../protocol";
import type { Rate } from "../../time";

export type Value = ParameterView["value"];

/** Where a control's values go. */
export interface Target {
  /** Show a value while it is dragged. */
  draft(name: string, value: Value): void;
  /** Make one step. */
  set(name: string, value: Value): void;
  reset(name: string): void;
  cancel(): void;
  rate(): Rate;
  /** LUT files below the roots, for paths. */
  pickFile?(name: string, anchor: HTMLElement): void;
  /** Pick a place on the picture; its shares come to `picked`. */
  pickPoint?(picked: (x: number, y: number) => void): void;
}

export interface Control {
  /** Stands beside the label, or takes the whole width. */
  readonly element: HTMLElement;
  readonly isWide?: boolean;
  /** Has its own label and reset. */
  readonly isWhole?: boolean;
  show(view: ParameterView): void;
}
