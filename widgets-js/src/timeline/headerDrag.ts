/** Reorder tracks by their headers, and change heights by their lower edges. */

import type { Track } from "./model";
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
  /** The name of the track. */
  readonly name: string;
  readonly kind: "height" | "order";
  readonly fromY: number;
  readonly fromPx: number;
  isMoved: boolean;
  /** The name of the track in whose place it would be. */
  over: string;
}

export function attachHeaderDrag(parts: Parts): void {
  const { element, rows, edits } = parts;
  let drag: Drag | undefined;
  const rowOf = (name: string) =>
    [...rows.querySelectorAll<HTMLElement>(":scope > [data-track]")].find(
      (row) => row.dataset.track === name,
    );
  const trackOf = (name: string | undefined) =>
    edits.tracks.find((track) => track.name === name);
  const pressedTrack = (target: Element | null) => {
    const row = target?.closest<HTMLElement>(".tnb-track-header");
    return trackOf(row?.dataset.track);
  };
  const end = () => {
    showLine(parts, undefined, undefined);
    if (drag) rowOf(drag.name)?.removeAttribute("data-dragged");
    drag = undefined;
  };
  element.addEventListener("pointerdown", (event) => {
    const target = event.target as Element;
    const track = pressedTrack(target);
    if (event.button !== 0 || !track || target.closest("button, input")) return;
    const { name } = track;
    const kind = target.closest(".tnb-track-edge") ? "height" : "order";
    const fromY = event.clientY;
    drag = { name, kind, fromY, fromPx: track.heightPx, isMoved: false, over: name };
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const track = trackOf(drag.name);
    // It was deleted meanwhile.
    if (!track) return end();
    const by = event.clientY - drag.fromY;
    drag.isMoved ||= Math.abs(by) > DRAG_THRESHOLD_PX;
    if (!drag.isMoved) return;
    // Not earlier: a captured pointer's double click would miss the name.
    element.setPointerCapture?.(event.pointerId);
    if (drag.kind === "height") {
      edits.setHeight(resized(edits, track, event.shiftKey), drag.fromPx + by, false);
      return;
    }
    const own = rowOf(drag.name);
    own?.setAttribute("data-dragged", "");
    const others = edits.tracks.filter(({ type }) => type === track.type);
    drag.over = nearest(others, rowOf, event.clientY) ?? drag.name;
    showLine(parts, own, rowOf(drag.over));
  });
  element.addEventListener("pointerup", (event) => {
    const ended = drag;
    const track = trackOf(ended?.name);
    end();
    if (!ended?.isMoved || !track) return;
    if (ended.kind === "height") {
      const names = resized(edits, track, event.shiftKey);
      edits.setHeight(names, ended.fromPx + event.clientY - ended.fromY);
    } else {
      const toRow = edits.tracks.findIndex(({ name }) => name === ended.over);
      void edits.reorder(track, toRow);
    }
  });
  element.addEventListener("pointercancel", end);
  element.addEventListener("dblclick", (event) => {
    const edge = (event.target as Element).closest(".tnb-track-edge");
    const track = pressedTrack(edge);
    if (track) edits.setPreset([track], "medium");
  });
}

/** The tracks that a drag makes taller: with Shift, all of the type. */
function resized(edits: TrackEdits, own: Track, isShift: boolean): string[] {
  return edits.tracks
    .filter((track) => track === own || (isShift && track.type === own.type))
    .map(({ name }) => name);
}

/** The track whose row is nearest to the pointer. */
function nearest(
  tracks: readonly Track[],
  rowOf: (name: string) => Element | undefined,
  clientY: number,
): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { name } of tracks) {
    const box = rowOf(name)?.getBoundingClientRect();
    const away = box ? Math.abs((box.top + box.bottom) / 2 - clientY) : least;
    if (away < least) [best, least] = [name, away];
  }
  return best;
}

/** Show where a row would go: before or behind another one. */
function showLine(
  { element, line }: Parts,
  own: Element | undefined,
  over: Element | undefined,
): void {
  line.hidden = !own || !over || own === over;
  if (!own || !over) return;
  const [from, to] = [own.getBoundingClientRect(), over.getBoundingClientRect()];
  const edge = to.top > from.top ? to.bottom : to.top;
  line.style.top = `${edge - element.getBoundingClientRect().top - 1}px`;
}
