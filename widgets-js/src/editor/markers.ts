/** The markers panel: find, jump to, name, color, note and delete markers. */

import type { WidgetContext } from "../context";
import { t, tn } from "../i18n";
import type { MarkerView } from "../protocol";
import { type Rate, timecode } from "../time";
import { markersIn } from "../timeline/followMarkers";
import { MARKER_COLORS } from "../timeline/markerColors";
import { h, iconButton } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { KeyedRows } from "../ui/keyedRows";
import type { Panel } from "./history";
import { type MarkerChange, markerRow } from "./markerRow";

/** A marker and its place in the edit's list, which names it. */
export interface PlacedMarker {
  readonly place: number;
  readonly marker: MarkerView;
}

/** The markers that hold a text and have a color, in order of time. */
export function foundMarkers(
  markers: readonly MarkerView[],
  text: string,
  color: string,
): PlacedMarker[] {
  const wanted = text.trim().toLocaleLowerCase();
  return markers
    .map((marker, place) => ({ marker, place }))
    .filter(({ marker }) => !color || marker.color.toLowerCase() === color)
    .filter(({ marker: { name, note } }) =>
      `${name}\n${note}`.toLocaleLowerCase().includes(wanted),
    )
    .sort((a, b) => a.marker.startS - b.marker.startS || a.place - b.place);
}

export function makeMarkers(context: WidgetContext): Panel {
  const { channel, notice, playhead, commands } = context;
  let markers: readonly MarkerView[] = [];
  let rate: Rate = { num: 25, den: 1 };
  const search = h("input", {
    type: "search",
    class: "tnb-text",
    placeholder: t("Search"),
    "aria-label": t("Search markers"),
    on: { input: () => show() },
  });
  const color = colorFilter(() => show());
  const add = iconButton(ICONS.marker, t("Add marker"), () => {
    void commands.run("markers.add");
  });
  const list = h("ul", { class: "tnb-marker-rows", "aria-label": t("Markers") });
  const empty = h("p", { class: "tnb-empty" });
  const count = h("p", { class: "tnb-marker-count", role: "status" });
  const element = h(
    "section",
    { class: "tnb-markers" },
    h("div", { class: "tnb-row" }, search, color, add),
    empty,
    list,
    count,
  );
  const request = (body: Parameters<typeof channel.request>[0]) =>
    channel.request(body).catch(notice.problem);
  // Markers have no ids of their own: those that are followed keep ours.
  let [ids, lastId]: [number[], number] = [[], 0];
  const rows = new KeyedRows<PlacedMarker>(list, {
    key: ({ place }) => String(ids[place]),
    make: (now) => {
      // Its place changes with those before it.
      const ask = (kind: "setMarker" | "removeMarker", change: MarkerChange = {}) => {
        const place = now()?.place;
        if (place !== undefined) void request({ kind, marker: place, ...change });
      };
      const row = markerRow({
        jump: () => {
          const own = now();
          if (own) playhead.move(own.marker.startS);
        },
        set: (change) => ask("setMarker", change),
        remove: () => ask("removeMarker"),
        editing: (isEdited) => (isEdited ? rows.hold() : rows.release()),
      });
      const { element } = row;
      return {
        element,
        show: ({ marker }) => row.show(marker, timecode(marker.startS, rate)),
      };
    },
  });
  const show = () => {
    const found = foundMarkers(markers, search.value, color.value);
    rows.show(found);
    const isFiltered = !!search.value.trim() || !!color.value;
    empty.hidden = found.length > 0;
    empty.textContent = isFiltered
      ? t("No marker is found.")
      : t("No markers yet: press M to mark the playhead.");
    count.hidden = !isFiltered || !found.length;
    count.textContent = tn("{count} marker", "{count} markers", found.length);
  };
  channel.on("timeline", (answer) => {
    rate = { num: answer.rateNum, den: answer.rateDen };
    const kept = new Map<number, number | undefined>();
    for (const [place, to] of markersIn(markers, answer.markers).entries())
      kept.set(to, ids[place]);
    markers = answer.markers;
    ids = markers.map((_, place) => kept.get(place) ?? ++lastId);
    show();
  });
  show();
  return { element, close: () => undefined };
}

function colorFilter(changed: () => void): HTMLSelectElement {
  return h(
    "select",
    { class: "tnb-select", "aria-label": t("Color"), on: { change: changed } },
    h("option", { value: "" }, t("All colors")),
    ...MARKER_COLORS.map(({ name, label }) => h("option", { value: name }, label())),
  );
}
