/** The timeline's clips as a list for screen readers, in step with the canvas. */

import { t } from "../i18n";
import { timecode } from "../time";
import { h } from "../ui/dom";
import { KeyedRows, type Row } from "../ui/keyedRows";
import type { Actions } from "./actions";
import { markedName } from "./clips";
import { lackOf, type Place, placeOf, TRANSITION, type Track } from "./model";

/** So many clips on either side of the active one are in the list. */
const AROUND = 20;

/** So soon after a drawing the list follows, unless a person is in it. */
const FOLLOWS_MS = 100;

export interface ItemList {
  readonly element: HTMLElement;
  /** Show what there is and what is selected now: not within a drawing. */
  update(): void;
}

/** A track, its row, and where the active clip is. */
interface Group {
  readonly track: Track;
  readonly row: number;
  readonly place: Place | undefined;
}

interface Option {
  readonly id: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export function makeItemList(actions: Actions): ItemList {
  const { state } = actions;
  const element = h("div", {
    class: "tnb-spoken tnb-item-list",
    role: "listbox",
    "aria-label": t("Clips"),
    "aria-multiselectable": "true",
    "data-testid": "items",
  });
  let active = "";
  let shown = state.timeline;
  let shownSelection = state.selection;
  let shownActive = "";
  let timer = 0;

  const clips = (track: Track | undefined) =>
    track
      ? track.ids.flatMap((id, item) =>
          id && track.kind(item) !== TRANSITION ? [item] : [],
        )
      : [];
  const activePlace = (): Place | undefined => {
    const { timeline, selection } = state;
    const known =
      placeOf(timeline, active) ?? placeOf(timeline, selection.at(-1) ?? "");
    if (known) return known;
    const row = timeline.tracks.findIndex((track) => clips(track).length > 0);
    const item = clips(timeline.tracks[row])[0];
    return item === undefined ? undefined : { row, item };
  };
  const isShown = () =>
    shown === state.timeline &&
    shownSelection === state.selection &&
    shownActive === active;
  const update = () => {
    if (isShown()) return;
    if (element.contains(document.activeElement)) show();
    else timer ||= window.setTimeout(show, FOLLOWS_MS);
  };
  const show = () => {
    window.clearTimeout(timer);
    timer = 0;
    if (isShown()) return;
    const { timeline, selection } = state;
    [shown, shownSelection, shownActive] = [timeline, selection, active];
    const place = activePlace();
    const isFocused = element.contains(document.activeElement);
    groups.show(timeline.tracks.map((track, row) => ({ track, row, place })));
    if (isFocused) focusActive();
  };
  const optionsOf = ({ track, row, place }: Group): Option[] => {
    const all = clips(track);
    const around =
      place?.row === row
        ? all.indexOf(place.item)
        : near(
            track,
            all,
            place && state.timeline.tracks[place.row]?.start(place.item),
          );
    const first = Math.max(0, around - AROUND);
    const chosen = new Set(state.selection);
    return all.slice(first, around + AROUND + 1).map((item, offset) => {
      const id = track.ids[item] ?? "";
      const isActive = place?.row === row && place.item === item;
      return {
        id,
        text: describe(track, item),
        attributes: {
          tabindex: isActive ? "0" : "-1",
          "aria-selected": String(chosen.has(id)),
          "aria-setsize": String(all.length),
          "aria-posinset": String(first + offset + 1),
        },
      };
    });
  };
  const groups = new KeyedRows<Group>(element, {
    key: ({ track }) => track.name,
    make: (_, { track: { name } }) => {
      const group = h("div", {
        role: "group",
        "aria-label": t("Track {name}", { name }),
      });
      const options = new KeyedRows<Option>(group, {
        key: ({ id }) => id,
        make: (__, { id }) => optionRow(id),
      });
      return { element: group, show: (now) => options.show(optionsOf(now)) };
    },
  });
  const describe = (track: Track, item: number): string => {
    const { rate } = state.timeline;
    const lack = lackOf(state.timeline, track, item);
    const name = track.names[item] || t("Unnamed");
    return t("{name}, {start} to {end}", {
      name: lack ? markedName(name, lack) : name,
      start: timecode(track.start(item), rate),
      end: timecode(track.end(item), rate),
    });
  };
  const focusActive = () =>
    element
      .querySelector<HTMLElement>("[tabindex='0']")
      ?.focus({ preventScroll: true });

  /** Go to a clip: it is brought into view and outlined on the canvas. */
  const goTo = ({ row, item }: Place) => {
    const track = state.timeline.tracks[row];
    if (!track) return;
    active = track.ids[item] ?? "";
    state.hover = active;
    state.reveal(track.start(item), track.end(item), row);
    show();
    focusActive();
    actions.redraw();
  };
  const neighbor = (key: string, place: Place): Place | undefined => {
    const { tracks } = state.timeline;
    const all = clips(tracks[place.row]);
    const at = all.indexOf(place.item);
    const along: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: all.length - 1,
    };
    const next = along[key];
    if (next !== undefined) {
      const item = all[Math.min(all.length - 1, Math.max(0, next))];
      return item === undefined ? undefined : { row: place.row, item };
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    const startS = tracks[place.row]?.start(place.item) ?? 0;
    for (let row = place.row + (step ?? 0); step && tracks[row]; row += step) {
      const track = tracks[row];
      const found = clips(track);
      const item = track && found[near(track, found, startS)];
      if (item !== undefined) return { row, item };
    }
    return undefined;
  };
  element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const place = activePlace();
    if (!place) return;
    const id = state.timeline.tracks[place.row]?.ids[place.item] ?? "";
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      active = id;
      const others = state.selection.filter((other) => other !== id);
      const isIn = state.selection.includes(id);
      if (event.shiftKey) state.select(isIn ? others : [...others, id]);
      else state.select(isIn && !others.length ? [] : [id]);
      actions.redraw();
      return;
    }
    const next = neighbor(event.key, place);
    if (!next && !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (next) goTo(next);
  });
  element.addEventListener("focusin", () => {
    const place = activePlace();
    if (place && !active) goTo(place);
    else if (active !== state.hover) {
      state.hover = active;
      actions.redraw();
    }
  });
  element.addEventListener("focusout", () => {
    if (state.hover !== active) return;
    state.hover = "";
    actions.redraw();
  });
  return { element, update };
}

function optionRow(id: string): Row<Option> {
  const element = h("div", { role: "option", tabindex: "-1", "data-item": id });
  return {
    element,
    show: ({ text, attributes }) => {
      if (element.textContent !== text) element.textContent = text;
      for (const [name, value] of Object.entries(attributes)) {
        if (element.getAttribute(name) !== value) element.setAttribute(name, value);
      }
    },
  };
}

/** The place among `items` of the one nearest to a time. */
function near(track: Track, items: readonly number[], startS = 0): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [place, item] of items.entries()) {
    const away = Math.abs(track.start(item) - startS);
    if (away < least) [best, least] = [place, away];
  }
  return best;
}
