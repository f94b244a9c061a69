/** One tab stop for a row of controls, and arrows between them. */

const CONTROLS =
  "button:not(:disabled), input:not(:disabled), select:not(:disabled), a[href], [data-roving]";

const ALL_CONTROLS = CONTROLS.replaceAll(":not(:disabled)", "");

const TYPED = "input:not([type=range], [type=checkbox])";

export interface Roving {
  /** Find the controls anew: some were added, disabled or hidden. */
  refresh(): void;
}

/**
 * Make a container one tab stop: arrows, Home and End move between its controls.
 *
 * A container with `[data-roving-row]` parts has rows: up and down keep the column.
 * Sliders and selects keep the arrows that change them.
 */
export function roving(container: HTMLElement): Roving {
  let current: HTMLElement | undefined;
  const refresh = () => {
    const controls = controlsIn(container);
    if (!current || !controls.includes(current)) current = controls[0];
    // Disabled ones too: they may be enabled before the next refresh.
    for (const control of container.querySelectorAll<HTMLElement>(ALL_CONTROLS)) {
      const tabIndex = control === current ? 0 : -1;
      if (control.tabIndex !== tabIndex) control.tabIndex = tabIndex;
    }
  };
  container.addEventListener("focusin", (event) => {
    const control = (event.target as Element).closest<HTMLElement>(CONTROLS);
    if (!control || !container.contains(control)) return;
    current = control;
    refresh();
  });
  container.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = nextControl(container, event);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });
  refresh();
  return { refresh };
}

/** Whether a key would move the caret of a field out of its text. */
function isAtEdge(field: HTMLInputElement, key: string): boolean {
  const { value, selectionStart: at, selectionEnd } = field;
  if (at === null || at !== selectionEnd) return false;
  const isRtl = getComputedStyle(field).direction === "rtl";
  if (key === (isRtl ? "ArrowLeft" : "ArrowRight")) return at === value.length;
  return key === (isRtl ? "ArrowRight" : "ArrowLeft") && at === 0;
}

function controlsIn(container: Element): HTMLElement[] {
  return [...container.querySelectorAll<HTMLElement>(CONTROLS)].filter(
    (control) => !control.closest("[hidden]"),
  );
}

function nextControl(
  container: HTMLElement,
  { key, target }: KeyboardEvent,
): HTMLElement | undefined {
  const from = (target as Element).closest<HTMLElement>(CONTROLS);
  // A control that was pressed by mouse leaves the arrows to the playhead.
  if (!from?.matches(":focus-visible")) return undefined;
  const isTyped = from.matches(TYPED);
  if (isTyped && !isAtEdge(from as HTMLInputElement, key)) return undefined;
  const controls = controlsIn(container);
  const at = controls.indexOf(from);
  const isVertical = key === "ArrowUp" || key === "ArrowDown";
  const isMoved = from.matches("input[type=range], select");
  if (isMoved && !isVertical) return undefined;
  if (isMoved && from.matches("select")) return undefined;
  const rows = [...container.querySelectorAll("[data-roving-row]")];
  if (isVertical) {
    const step = key === "ArrowDown" ? 1 : -1;
    return rows.length ? inNextRow(rows, from, step) : undefined;
  }
  const isRtl = getComputedStyle(container).direction === "rtl";
  const forward = isRtl ? "ArrowLeft" : "ArrowRight";
  const back = isRtl ? "ArrowRight" : "ArrowLeft";
  const last = controls.length - 1;
  const places: Readonly<Record<string, number>> = {
    [forward]: at + 1 > last ? 0 : at + 1,
    [back]: at - 1 < 0 ? last : at - 1,
    Home: 0,
    End: last,
  };
  const place = places[key];
  return place === undefined ? undefined : controls[place];
}

/** The control in the same column of the next row; past the last row, a neighbor. */
function inNextRow(
  rows: readonly Element[],
  from: HTMLElement,
  step: 1 | -1,
): HTMLElement | undefined {
  const row = rows.findIndex((candidate) => candidate.contains(from));
  const own = rows[row];
  if (!own) return undefined;
  const siblings = controlsIn(own);
  const column = siblings.indexOf(from);
  const other = rows[row + step];
  if (!other) return siblings[column + step];
  const found = controlsIn(other);
  return found[Math.min(column, found.length - 1)];
}
