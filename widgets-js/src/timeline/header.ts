/** One track's header: target, name, locks, seen or heard, solo, volume, meter. */

import { leftToRight, t } from "../i18n";
import { h, icon, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { Row } from "../ui/keyedRows";
import type { Track } from "./model";
import type { TrackEdits } from "./trackEdits";

const MIN_DB = -40;
const MAX_DB = 12;
const TYPE_ICONS = {
  video: ICONS.film,
  audio: ICONS.wave,
  subtitle: ICONS.captions,
} as const;

export interface TrackHeader extends Row<Track> {
  readonly track: Track;
  /** Have the name typed in its place. */
  rename(): void;
}

/** Make a header; `editing` is told when its name begins and ends to be typed. */
export function makeHeader(
  track: Track,
  edits: TrackEdits,
  editing: (isEdited: boolean) => void,
): TrackHeader {
  const { name, type } = track;
  let now = track;
  const label = h("span", { class: "tnb-track-header-name", title: name }, name);
  const element = h(
    "div",
    {
      class: "tnb-track-header",
      role: "group",
      "aria-label": t("Track {name}", { name }),
      "data-type": type,
      "data-track": name,
      "data-roving-row": "",
    },
    target(track, edits),
    label,
    h("span", { class: "tnb-track-header-buttons" }, ...buttons(track, edits)),
  );
  if (type === "audio") {
    element.append(
      volume(track, edits),
      h("i", { class: "tnb-meter", "data-track": name, "aria-hidden": "true" }),
    );
  }
  element.append(
    h("div", {
      class: "tnb-track-edge",
      title: t("Drag to change the height; double-click resets it"),
    }),
  );
  element.dataset.enabled = String(track.enabled);
  return {
    element,
    get track() {
      return now;
    },
    show: (next) => {
      now = next;
    },
    rename: () => renameIn(label, track, edits, editing),
  };
}

/** The chip before the name: where media is put, by a press. */
function target(track: Track, edits: TrackEdits): HTMLElement {
  const { name, type } = track;
  const picture = icon(TYPE_ICONS[type]) as unknown as Node;
  if (type === "subtitle") return h("span", { class: "tnb-track-kind" }, picture);
  const isTarget = edits.actions.state.targetOf(type) === name;
  const chip = iconButton(TYPE_ICONS[type], t("Insert media on {name}", { name }), () =>
    edits.toggleTarget(track),
  );
  chip.classList.add("tnb-track-kind");
  setPressed(chip, isTarget);
  return chip;
}

function buttons(track: Track, edits: TrackEdits): HTMLElement[] {
  const { name, type } = track;
  const isAudio = type === "audio";
  const toggle = (
    key: string,
    path: string,
    label: string,
    pressed: boolean,
    press: () => void,
  ) => {
    const button = iconButton(path, label, press);
    button.dataset.toggle = key;
    setPressed(button, pressed);
    return button;
  };
  const found = [
    toggle(
      "lock",
      track.locked ? ICONS.lock : ICONS.unlock,
      t("Lock {name}", { name }),
      track.locked,
      () => void edits.set(name, { locked: !track.locked }),
    ),
    syncButton(track, edits),
    toggle(
      "visible",
      isAudio
        ? track.enabled
          ? ICONS.sound
          : ICONS.mute
        : track.enabled
          ? ICONS.eye
          : ICONS.hidden,
      isAudio ? t("Mute {name}", { name }) : t("Hide {name}", { name }),
      !track.enabled,
      () => void edits.set(name, { enabled: !track.enabled }),
    ),
  ];
  if (edits.actions.state.hasSolo && type !== "subtitle") {
    found.push(soloButton(track, edits));
  }
  return found;
}

/** Goes from automatic to on and to off. */
function syncButton(track: Track, edits: TrackEdits): HTMLButtonElement {
  const { name, syncLock } = track;
  const all = syncLocks();
  const next = all[(all.findIndex(([key]) => key === syncLock) + 1) % all.length];
  const state = all.find(([key]) => key === syncLock)?.[1] ?? "";
  const button = iconButton(
    ICONS.syncLock,
    t("Sync lock of {name}: {state}", { name, state }),
    () => {
      if (next) void edits.set(name, { syncLock: next[0] });
    },
  );
  button.dataset.toggle = "sync";
  button.dataset.sync = syncLock;
  return button;
}

/** How a track can go along with ripple edits on others, in words. */
export function syncLocks(): readonly (readonly [Track["syncLock"], string])[] {
  return [
    ["auto", t("Automatic: what spans the edit stays")],
    ["on", t("On: what spans the edit is cut")],
    ["off", t("Off: nothing moves")],
  ];
}

function soloButton(track: Track, edits: TrackEdits): HTMLButtonElement {
  const label = t("Solo {name}", { name: track.name });
  const button = h(
    "button",
    {
      type: "button",
      class: "tnb-button",
      "aria-label": label,
      title: label,
      "data-toggle": "solo",
      on: { click: () => edits.toggleSolo(track) },
    },
    "S",
  );
  setPressed(button, edits.actions.state.solo.includes(track.name));
  return button;
}

function renameIn(
  label: HTMLElement,
  track: Track,
  edits: TrackEdits,
  editing: (isEdited: boolean) => void,
): void {
  if (label.querySelector("input")) return;
  const input = h("input", {
    class: "tnb-text tnb-track-rename",
    value: track.name,
    maxlength: 100,
    "aria-label": t("Name of {name}", { name: track.name }),
  });
  let isDone = false;
  const end = (saves: boolean) => {
    if (isDone) return;
    isDone = true;
    const typed = input.value;
    label.replaceChildren(track.name);
    editing(false);
    if (saves) void edits.rename(track.name, typed);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(event.key === "Enter");
    // The keys go on working where the name was.
    label.parentElement?.querySelector("button")?.focus({ preventScroll: true });
  });
  input.addEventListener("blur", () => end(true));
  editing(true);
  label.replaceChildren(input);
  input.focus({ preventScroll: true });
  input.select();
}

function volume(track: Track, edits: TrackEdits): HTMLElement {
  const { name } = track;
  const formatDb = (db: number) =>
    leftToRight(`${db > 0 ? "+" : ""}${db.toFixed(1)} dB`);
  const readout = h("output", { class: "tnb-volume-db" }, formatDb(track.gainDb));
  const show = () => {
    const text = formatDb(input.valueAsNumber);
    input.title = text;
    readout.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  const input = h("input", {
    type: "range",
    min: MIN_DB,
    max: MAX_DB,
    step: 0.5,
    value: track.gainDb,
    "aria-label": t("Volume of {name}", { name }),
    on: {
      input: show,
      change: () => void edits.set(name, { gainDb: input.valueAsNumber }),
      dblclick: () => void edits.set(name, { gainDb: 0 }),
    },
  });
  show();
  return h("span", { class: "tnb-volume" }, input, readout);
}
