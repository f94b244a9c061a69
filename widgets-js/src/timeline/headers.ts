/** The column of track headers, which scrolls with the rows. */

import { t } from "../i18n";
import { h } from "../ui/dom";
import { contextMenu } from "../ui/menu";
import { roving } from "../ui/roving";
import type { Actions } from "./actions";
import { makeHeader, type TrackHeader } from "./header";
import { attachHeaderDrag } from "./headerDrag";
import { addChoices, headerChoices, heights } from "./headerMenu";
import type { Track } from "./model";
import { TrackEdits } from "./trackEdits";

/** A meter's lowest level. */
const FLOOR_DB = -60;

export interface Headers {
  readonly element: HTMLElement;
  readonly edits: TrackEdits;
  /** Show the tracks there are now. */
  update(): void;
  /** Show the peaks of tracks; a track without one is silent. */
  meter(peaksDb: ReadonlyMap<string, number>): void;
}

export function makeHeaders(actions: Actions): Headers {
  const { state } = actions;
  const rows = h("div", { class: "tnb-track-headers-rows" });
  const line = h("div", { class: "tnb-track-insertion", hidden: true });
  const element = h(
    "div",
    {
      class: "tnb-track-headers",
      role: "group",
      "aria-label": t("Tracks"),
    },
    rows,
    line,
  );
  const edits = new TrackEdits(actions, element);
  const tabStop = roving(element);
  let headers: readonly TrackHeader[] = [];
  let renderedKey = "";

  const headerOf = (target: EventTarget | null) => {
    const place = [...rows.children].findIndex((row) => row.contains(target as Node));
    return headers[place];
  };
  const update = () => {
    const { tracks } = state.timeline;
    rows.style.transform = `translateY(${-state.scrollPx}px)`;
    if (keyOf(tracks, actions) !== renderedKey) render();
    for (const [row, track] of tracks.entries()) {
      const header = headers[row]?.element;
      if (!header) continue;
      header.style.top = `${state.tops[row] ?? 0}px`;
      header.style.height = `${track.heightPx}px`;
      header.dataset.size = sizeOf(track.heightPx);
    }
  };
  const render = () => {
    renderedKey = keyOf(state.timeline.tracks, actions);
    const focus = (document.activeElement as HTMLElement | null)?.dataset.focus;
    headers = state.timeline.tracks.map((track) => makeHeader(track, edits));
    rows.replaceChildren(...headers.map((header) => header.element));
    tabStop.refresh();
    if (!focus) return;
    rows
      .querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"]`)
      ?.focus({ preventScroll: true });
  };
  const meter = (peaksDb: ReadonlyMap<string, number>) => {
    for (const bar of rows.querySelectorAll<HTMLElement>(".tnb-meter")) {
      const db = peaksDb.get(bar.dataset.track ?? "") ?? FLOOR_DB;
      const share = Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
      bar.style.setProperty("--tnb-level", share.toFixed(3));
      bar.dataset.hot = String(db > -1);
    }
  };
  contextMenu(element, (event) => {
    const header = headerOf(event.target);
    if (header) return headerChoices(header.track, edits, header.rename);
    const all = {
      label: t("Height of all tracks"),
      groups: [heights(edits, edits.tracks)],
    };
    return [addChoices(edits), [all]];
  });
  element.addEventListener("dblclick", (event) => {
    const isName = (event.target as Element).closest(".tnb-track-header-name");
    if (isName) headerOf(event.target)?.rename();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || event.defaultPrevented) return;
    event.preventDefault();
    headerOf(event.target)?.rename();
  });
  element.addEventListener("focusin", (event) => {
    const row = [...rows.children].findIndex((child) =>
      child.contains(event.target as Node),
    );
    const { originS } = state.scale;
    if (row < 0) return;
    state.reveal(originS, originS, row);
    // The browser scrolls to the focus by itself: the rows have their own place.
    element.scrollTop = 0;
    actions.redraw();
  });
  element.addEventListener(
    "wheel",
    (event) => {
      const before = state.scrollPx;
      state.scroll(event.deltaY);
      if (state.scrollPx === before) return;
      event.preventDefault();
      actions.redraw();
    },
    { passive: false },
  );
  attachHeaderDrag({ element, rows, line, edits });
  return { element, edits, update, meter };
}

/** What a header shows: it is made anew when this changes. */
function keyOf(tracks: readonly Track[], { state }: Actions): string {
  return JSON.stringify([
    tracks.map((o) => [o.name, o.type, o.enabled, o.locked, o.syncLock, o.gainDb]),
    state.solo,
    [...state.targets],
  ]);
}

function sizeOf(heightPx: number): "small" | "medium" | "large" {
  if (heightPx < 42) return "small";
  return heightPx < 80 ? "medium" : "large";
}
