/** Reorder tracks by their headers, and change heights by their lower edges. */

import type { TrackEdits } from "./trackEdits";

interface Parts {
  readonly element: HTMLElement;
  readonly rows: HTMLElement;
  /** Shows where a track would go. */
  readonly line: HTMLElement;
  readonly edits: TrackEdits;
}

const DRAG_THRESHOLD_PX = 4;

interface Drag {
  readonly row: number;
  readonly kind: "height" | "order";
  readonly fromY: number;
  readonly fromPx: number;
  isMoved: boolean;
  toRow: number;
}

export function attachHeaderDrag(parts: Parts): void {
  const { element, rows, edits } = parts;
  let drag: Drag | undefined;
  const end = () => {
    if (drag?.kind === "order") showLine(parts, undefined);
    rows.children[drag?.row ?? -1]?.removeAttribute("data-dragged");
    drag = undefined;
  };
  element.addEventListener("pointerdown", (event) => {
    const target = event.target as Element;
    const row = [...rows.children].findIndex((child) => child.contains(target));
    const track = edits.tracks[row];
    if (event.button !== 0 || !track || target.closest("button, input")) return;
    const kind = target.closest(".tnb-track-edge") ? "height" : "order";
    drag = {
      row,
      kind,
      fromY: event.clientY,
      fromPx: track.heightPx,
      isMoved: false,
      toRow: row,
    };
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const by = event.clientY - drag.fromY;
    drag.isMoved ||= Math.abs(by) > DRAG_THRESHOLD_PX;
    if (!drag.isMoved) return;
    // Not earlier: a captured pointer's double click would miss the name.
    element.setPointerCapture?.(event.pointerId);
    if (drag.kind === "height") {
      edits.setHeight(
        resized(edits, drag.row, event.shiftKey),
        drag.fromPx + by,
        false,
      );
      return;
    }
    rows.children[drag.row]?.setAttribute("data-dragged", "");
    drag.toRow = rowUnder(parts, drag.row, event.clientY);
    showLine(parts, drag);
  });
  element.addEventListener("pointerup", (event) => {
    const ended = drag;
    const track = edits.tracks[ended?.row ?? -1];
    end();
    if (!ended?.isMoved || !track) return;
    if (ended.kind === "height") {
      const names = resized(edits, ended.row, event.shiftKey);
      edits.setHeight(names, ended.fromPx + event.clientY - ended.fromY);
    } else void edits.reorder(track, ended.toRow);
  });
  element.addEventListener("pointercancel", end);
  element.addEventListener("dblclick", (event) => {
    const edge = (event.target as Element).closest(".tnb-track-edge");
    const row = [...rows.children].findIndex((child) => child.contains(edge));
    const track = edge && edits.tracks[row];
    if (track) edits.setPreset([track], "medium");
  });
}

/** The tracks that a drag makes taller: with Shift, all of the type. */
function resized(edits: TrackEdits, row: number, isShift: boolean): string[] {
  const own = edits.tracks[row];
  return edits.tracks
    .filter((track) => track === own || (isShift && track.type === own?.type))
    .map(({ name }) => name);
}

/** The row of the dragged track's type that is nearest to the pointer. */
function rowUnder({ rows, edits }: Parts, row: number, clientY: number): number {
  const type = edits.tracks[row]?.type;
  let best = row;
  let least = Number.POSITIVE_INFINITY;
  for (const [other, child] of [...rows.children].entries()) {
    if (edits.tracks[other]?.type !== type) continue;
    const box = child.getBoundingClientRect();
    const away = Math.abs((box.top + box.bottom) / 2 - clientY);
    if (away < least) [best, least] = [other, away];
  }
  return best;
}

function showLine({ element, rows, line }: Parts, drag: Drag | undefined): void {
  const child = drag && rows.children[drag.toRow];
  line.hidden = !child || drag?.toRow === drag?.row;
  if (!child || !drag) return;
  const box = child.getBoundingClientRect();
  const edge = drag.toRow > drag.row ? box.bottom : box.top;
  line.style.top = `${edge - element.getBoundingClientRect().top - 1}px`;
}
