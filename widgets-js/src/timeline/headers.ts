/** The track headers: name, visible or audible, solo, locked, volume. */

import { t } from "../i18n";
import { h, icon, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { Actions } from "./actions";
import { rowHeight } from "./geometry";
import type { Track } from "./model";

const MIN_DB = -40;
const MAX_DB = 12;
/** A meter's lowest level. */
const FLOOR_DB = -60;

export interface Headers {
  readonly element: HTMLElement;
  /** Show the tracks there are now. */
  update(): void;
  /** Show the peaks of tracks; a track without one is silent. */
  meter(peaksDb: ReadonlyMap<string, number>): void;
  /** Scroll with the rows. */
  scroll(byPx: number): void;
}

export function makeHeaders(actions: Actions): Headers {
  const rows = h("div", { class: "tnb-track-headers-rows" });
  const element = h("div", { class: "tnb-track-headers" }, rows);
  let renderedKey = "";
  const update = () => {
    const { state } = actions;
    const now = JSON.stringify([
      state.timeline.tracks.map((o) => [o.name, o.type, o.enabled, o.locked, o.gainDb]),
      state.solo,
    ]);
    if (now === renderedKey) return;
    renderedKey = now;
    const focus = (document.activeElement as HTMLElement | null)?.dataset.focus;
    rows.replaceChildren(
      ...state.timeline.tracks.map((track) => trackHeader(track, actions)),
    );
    if (focus && element.contains(rows)) {
      const again = rows.querySelector<HTMLElement>(
        `[data-focus="${CSS.escape(focus)}"]`,
      );
      again?.focus({ preventScroll: true });
    }
  };
  const scroll = (byPx: number) => {
    rows.style.transform = `translateY(${-byPx}px)`;
  };
  const meter = (peaksDb: ReadonlyMap<string, number>) => {
    for (const bar of rows.querySelectorAll<HTMLElement>(".tnb-meter")) {
      const db = peaksDb.get(bar.dataset.track ?? "") ?? FLOOR_DB;
      const share = Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
      bar.style.setProperty("--tnb-level", share.toFixed(3));
      bar.dataset.hot = String(db > -1);
    }
  };
  return { element, update, meter, scroll };
}

function trackHeader(track: Track, actions: Actions): HTMLElement {
  const { name, type } = track;
  const set = (change: { enabled?: boolean; locked?: boolean; gainDb?: number }) =>
    void actions.request({ kind: "setTrack", track: name, ...change });
  const isAudio = type === "audio";
  const on = isAudio ? ICONS.sound : ICONS.eye;
  const off = isAudio ? ICONS.mute : ICONS.hidden;
  const label = isAudio ? t("Mute {name}", { name }) : t("Hide {name}", { name });
  const visibleButton = iconButton(
    track.enabled ? on : off,
    label,
    () => set({ enabled: !track.enabled }),
    { "data-focus": `visibleButton ${name}` },
  );
  setPressed(visibleButton, !track.enabled);
  const lock = iconButton(
    track.locked ? ICONS.lock : ICONS.unlock,
    t("Lock {name}", { name }),
    () => set({ locked: !track.locked }),
    { "data-focus": `lock ${name}` },
  );
  setPressed(lock, track.locked);
  const buttons = [visibleButton, lock];
  if (actions.state.hasSolo && type !== "subtitle")
    buttons.push(soloButton(track, actions));
  const row = h(
    "div",
    {
      class: "tnb-track-header",
      "data-type": type,
      style: `height:${rowHeight(track)}px`,
    },
    h("span", { class: "tnb-track-header-name", title: name }, name),
    h("span", { class: "tnb-track-header-buttons" }, ...buttons),
  );
  if (isAudio) {
    row.append(volume(track, set));
    row.append(
      h("i", { class: "tnb-meter", "data-track": name, "aria-hidden": "true" }),
    );
  }
  return row;
}

function soloButton(track: Track, actions: Actions): HTMLButtonElement {
  const { state } = actions;
  const isSolo = state.solo.includes(track.name);
  const toggle = () => {
    const others = state.solo.filter((name) => name !== track.name);
    state.setSolo(isSolo ? others : [...others, track.name]);
  };
  const button = h(
    "button",
    {
      type: "button",
      class: "tnb-button",
      "aria-label": t("Solo {name}", { name: track.name }),
      title: t("Solo {name}", { name: track.name }),
      "data-focus": `soloButton ${track.name}`,
      on: { click: toggle },
    },
    "S",
  );
  setPressed(button, isSolo);
  return button;
}

function volume(track: Track, set: (change: { gainDb: number }) => void): HTMLElement {
  const formatDb = (db: number) => `${db > 0 ? "+" : ""}${db.toFixed(1)} dB`;
  const input = h("input", {
    type: "range",
    min: MIN_DB,
    max: MAX_DB,
    step: 0.5,
    value: track.gainDb,
    title: formatDb(track.gainDb),
    "aria-label": t("Volume of {name}", { name: track.name }),
    "aria-valuetext": formatDb(track.gainDb),
    "data-focus": `volume ${track.name}`,
    on: {
      input: () => {
        input.title = formatDb(input.valueAsNumber);
        input.setAttribute("aria-valuetext", formatDb(input.valueAsNumber));
      },
      change: () => set({ gainDb: input.valueAsNumber }),
    },
  });
  return h(
    "span",
    { class: "tnb-volume" },
    icon(ICONS.sound) as unknown as Node,
    input,
  );
}
