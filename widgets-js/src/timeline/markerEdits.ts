/** Add, change and remove markers, by requests and by a dialog. */

import { isGone } from "../channel";
import { t } from "../i18n";
import type { MarkerView } from "../protocol";
import { timecode } from "../time";
import { parseTimecode } from "../timecodeText";
import { openDialog } from "../ui/dialog";
import { h } from "../ui/dom";
import type { Actions } from "./actions";
import { MARKER_COLORS } from "./markerColors";
import type { MarkerDrag } from "./state";

/** What of a marker is changed. */
export interface MarkerChange {
  readonly name?: string;
  readonly color?: string;
  readonly note?: string;
  readonly startS?: number;
  readonly durationS?: number;
}

export class MarkerEdits {
  constructor(
    readonly actions: Actions,
    readonly host: HTMLElement,
  ) {}

  get markers(): readonly MarkerView[] {
    return this.actions.state.timeline.markers;
  }

  /** Add a marker at a time; the name is its number until it is given one. */
  add = (atS = this.actions.atS, durationS = 0): Promise<boolean> => {
    const name = t("Marker {number}", { number: this.markers.length + 1 });
    return this.actions.request({ kind: "addMarker", atS, durationS, name });
  };

  /** Mark what lies between in and out. */
  addRange = (): void => {
    const { inS, outS } = this.actions.playhead.range;
    if (inS !== undefined && outS !== undefined) void this.add(inS, outS - inS);
  };

  set(marker: number, change: MarkerChange): Promise<boolean> {
    return this.actions.request({ kind: "setMarker", marker, ...change });
  }

  move({ marker, startS, durationS }: MarkerDrag): Promise<boolean> {
    const before = this.markers[marker];
    const isLonger = before && Math.abs(before.durationS - durationS) > 1e-6;
    const change = isLonger ? { durationS } : { startS };
    return this.actions.request({ kind: "setMarker", marker, ...change }, isGone);
  }

  remove(marker: number): Promise<boolean> {
    return this.actions.request({ kind: "removeMarker", marker });
  }

  /** The marker that commands are about: the chosen one, else that at the playhead. */
  get current(): number {
    const { state, atS } = this.actions;
    if (this.markers[state.marker]) return state.marker;
    const { num, den } = state.timeline.rate;
    return this.markers.findIndex(
      ({ startS }) => Math.abs(startS - atS) < den / num / 2,
    );
  }

  /** Go to the nearest marker before or behind the playhead. */
  jump(direction: 1 | -1): void {
    const { atS, playhead } = this.actions;
    const hair = 1e-6;
    const ahead = this.markers
      .map(({ startS }) => startS)
      .filter((startS) => (startS - atS) * direction > hair)
      .sort((a, b) => (a - b) * direction);
    if (ahead[0] !== undefined) playhead.move(ahead[0]);
  }

  /** Show a marker's name, color, note, time and length in a dialog. */
  open(marker: number): void {
    const own = this.markers[marker];
    if (!own) return;
    const { state } = this.actions;
    // Followed when others come or go.
    state.marker = marker;
    const { rate } = this.actions.state.timeline;
    const text = (value: string) => h("input", { class: "tnb-text", value });
    const name = text(own.name);
    const start = text(timecode(own.startS, rate));
    const length = text(timecode(own.durationS, rate));
    const note = h(
      "textarea",
      { class: "tnb-text tnb-marker-note", rows: 3 },
      own.note,
    );
    const colors = colorPicker(own.color);
    const body = h(
      "div",
      { class: "tnb-fields tnb-marker-fields" },
      field(t("Name"), name),
      field(t("Color"), colors.element),
      field(t("Start"), start),
      field(t("Duration"), length),
      field(t("Note"), note),
    );
    for (const clock of [start, length]) clock.dir = "ltr";
    const save = () => {
      const startS = parseTimecode(start.value, rate, own.startS);
      const durationS = parseTimecode(length.value, rate, own.durationS);
      start.setAttribute("aria-invalid", String(startS === undefined));
      length.setAttribute("aria-invalid", String(durationS === undefined));
      if (startS === undefined || durationS === undefined) return false;
      return this.set(state.marker, {
        name: name.value.trim() || own.name,
        color: colors.color,
        note: note.value,
        // Times that nobody changed stay exact, off the frames as they may be.
        ...(start.value === timecode(own.startS, rate) ? {} : { startS }),
        ...(length.value === timecode(own.durationS, rate) ? {} : { durationS }),
      });
    };
    openDialog(this.host, {
      title: t("Marker at {clock}", { clock: timecode(own.startS, rate) }),
      class: "tnb-marker-dialog",
      body,
      actions: [
        { label: t("Delete"), kind: "danger", run: () => this.remove(state.marker) },
        { label: t("Cancel") },
        { label: t("Save"), kind: "primary", run: save },
      ],
    });
    name.select();
  }
}

function field(label: string, control: HTMLElement): HTMLElement {
  const isGroup = control.getAttribute("role") === "radiogroup";
  if (isGroup) control.setAttribute("aria-label", label);
  return h(
    isGroup ? "div" : "label",
    { class: "tnb-marker-field" },
    h("span", {}, label),
    control,
  );
}

function colorPicker(chosen: string): { element: HTMLElement; readonly color: string } {
  const found = MARKER_COLORS.find(({ name }) => name === chosen.toLowerCase());
  let color = found?.name ?? chosen;
  const swatches = MARKER_COLORS.map(({ name, css, label }) => {
    const radio = h("input", {
      type: "radio",
      name: "marker-color",
      value: name,
      "aria-label": label(),
      title: label(),
      on: {
        change: () => {
          color = name;
        },
      },
    });
    radio.checked = name === found?.name;
    radio.style.setProperty("--tnb-swatch", css);
    return radio;
  });
  const element = h("div", { class: "tnb-swatches", role: "radiogroup" }, ...swatches);
  return {
    element,
    get color() {
      return color;
    },
  };
}
