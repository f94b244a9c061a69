/** The column of track headers, which scrolls with the rows. */

import { t } from "../i18n";
import { h } from "../ui/dom";
import { KeyedRows } from "../ui/keyedRows";
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
  const headers = new KeyedRows<Track, TrackHeader>(rows, {
    key: (track) => keyOf(track, actions),
    make: (_, track) =>
      makeHeader(track, edits, (isEdited) =>
        isEdited ? headers.hold() : headers.release(),
      ),
    drawn: () => {
      tabStop.refresh();
      place();
    },
  });
  let key = "";
  let shown: readonly Track[] = [];

  const update = () => {
    const { tracks } = state.timeline;
    rows.style.transform = `translateY(${-state.scrollPx}px)`;
    const now = tracks.map((track) => keyOf(track, actions)).join();
    if (now !== key || tracks !== shown) headers.show(tracks);
    [key, shown] = [now, tracks];
    place();
  };
  const place = () => {
    const { tracks } = state.timeline;
    for (const { element: header, track } of headers.rows) {
      header.style.top = `${state.tops[tracks.indexOf(track)] ?? 0}px`;
      header.style.height = `${track.heightPx}px`;
      header.dataset.size = sizeOf(track.heightPx);
    }
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
    const header = headers.at(event.target);
    if (header) return headerChoices(header.track, edits, header.rename);
    const all = {
      label: t("Height of all tracks"),
      groups: [heights(edits, edits.tracks)],
    };
    return [addChoices(edits), [all]];
  });
  element.addEventListener("dblclick", (event) => {
    const isName = (event.target as Element).closest(".tnb-track-header-name");
    if (isName) headers.at(event.target)?.rename();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || event.defaultPrevented) return;
    event.preventDefault();
    headers.at(event.target)?.rename();
  });
  element.addEventListener("focusin", (event) => {
    const track = headers.at(event.target)?.track;
    const { originS } = state.scale;
    if (!track) return;
    const row = state.timeline.tracks.indexOf(track);
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
function keyOf(track: Track, { state }: Actions): string {
  const { name, type, enabled, locked, syncLock, gainDb } = track;
  const isTarget = state.targetOf(type) === name;
  const solo = [state.hasSolo, state.solo.includes(name)];
  return JSON.stringify([
    name,
    type,
    enabled,
    locked,
    syncLock,
    gainDb,
    isTarget,
    solo,
  ]);
}

function sizeOf(heightPx: number): "small" | "medium" | "large" {
  if (heightPx < 42) return "small";
  return heightPx < 80 ? "medium" : "large";
}
