/** The notebook around a widget, where the page gives access to it. */

import type { Model } from "./channel";

interface SharedModel {
  insertCell(index: number, cell: { cell_type: string; source: string }): unknown;
}

/** An output of a cell as notebooks keep it. */
interface Output {
  readonly data?: { readonly [mimeType: string]: unknown };
}

interface Outputs {
  readonly length: number;
  get(index: number): { toJSON(): Output };
  set(index: number, output: Output): void;
}

interface SaveSignal {
  connect(slot: (sender: unknown, state: string) => void): void;
  disconnect(slot: (sender: unknown, state: string) => void): void;
}

interface Context {
  readonly model?: {
    readonly sharedModel?: SharedModel;
    readonly cells?: Iterable<{ readonly outputs?: Outputs }>;
  };
  readonly saveState?: SaveSignal;
  save?(): Promise<void>;
}

export function contextOf(model: Model): Context | undefined {
  return (model.widget_manager as { context?: Context } | undefined)?.context;
}

/** What saves the notebook; undefined where there is none. */
export function saveOf(model: Model): (() => Promise<void>) | undefined {
  const context = contextOf(model);
  return typeof context?.save === "function"
    ? () => context.save?.() as Promise<void>
    : undefined;
}

/** Whether code can become a cell. */
export function takesCells(model: Model): boolean {
  return typeof contextOf(model)?.model?.sharedModel?.insertCell === "function";
}

/** Insert a code cell below the one that shows the widget. */
export function insertCell(model: Model, inside: HTMLElement, source: string): void {
  const cell = inside.closest(".jp-Cell");
  const cells = [...(cell?.parentElement?.querySelectorAll(":scope > .jp-Cell") ?? [])];
  const index = cell ? cells.indexOf(cell) + 1 : 0;
  contextOf(model)?.model?.sharedModel?.insertCell(index, {
    cell_type: "code",
    source,
  });
}
