/** A row of the markers panel; its name and note are edited in place. */

import { t } from "../i18n";
import type { MarkerView } from "../protocol";
import { MARKER_COLORS, markerCss } from "../timeline/markerColors";
import { h, iconButton } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { openMenu } from "../ui/menu";

export interface MarkerChange {
  readonly name?: string;
  readonly note?: string;
  readonly color?: string;
}

export interface MarkerActions {
  jump(): void;
  set(change: MarkerChange): void;
  remove(): void;
  /** Called when the fields of a row open and close: rows stay as they are between. */
  editing(now: boolean): void;
}

export interface MarkerRow {
  readonly element: HTMLLIElement;
  show(marker: MarkerView, clock: string): void;
}

export function markerRow(actions: MarkerActions): MarkerRow {
  let now: MarkerView | undefined;
  const swatch = h("button", {
    type: "button",
    class: "tnb-marker-swatch",
    title: t("Color"),
    "aria-haspopup": "menu",
    on: {
      click: () =>
        openMenu(swatch, { x: 0, y: swatch.offsetHeight }, [
          MARKER_COLORS.map((own) => ({
            label: own.label(),
            checked: own.name === now?.color.toLowerCase(),
            pick: () => actions.set({ color: own.name }),
          })),
        ]),
    },
  });
  const clock = h("button", {
    type: "button",
    class: "tnb-marker-clock",
    dir: "ltr",
    on: { click: actions.jump },
  });
  const name = h("span", { class: "tnb-marker-name" });
  const note = h("span", { class: "tnb-marker-text" });
  const words = h(
    "button",
    {
      type: "button",
      class: "tnb-marker-words",
      title: t("Edit marker…"),
      on: { click: () => edit() },
    },
    name,
    note,
  );
  const remove = iconButton(ICONS.trash, "", actions.remove);
  const element = h("li", { class: "tnb-marker-row" }, swatch, clock, words, remove);
  const edit = () => {
    if (!now) return;
    actions.editing(true);
    const fields = editFields(now, (change) => {
      if (change) actions.set(change);
      fields.replaceWith(words);
      actions.editing(false);
    });
    words.replaceWith(fields);
    fields.querySelector("input")?.select();
  };
  return {
    element,
    show: (marker, time) => {
      now = marker;
      const own = { name: marker.name };
      swatch.setAttribute("aria-label", t("Color of {name}", own));
      swatch.style.setProperty("--tnb-swatch", markerCss(marker.color));
      clock.setAttribute(
        "aria-label",
        t("Go to {name} at {clock}", { ...own, clock: time }),
      );
      clock.textContent = time;
      name.textContent = marker.name;
      note.textContent = marker.note;
      note.hidden = !marker.note;
      remove.title = t("Delete {name}", own);
      remove.setAttribute("aria-label", remove.title);
    },
  };
}

/** Fields of a name and a note; Enter and leaving them keep, Escape drops. */
function editFields(
  marker: MarkerView,
  done: (change: MarkerChange | undefined) => void,
): HTMLElement {
  const name = h("input", {
    class: "tnb-text",
    value: marker.name,
    "aria-label": t("Name"),
  });
  const note = h("input", {
    class: "tnb-text",
    value: marker.note,
    placeholder: t("Note"),
    "aria-label": t("Note"),
  });
  const element = h("div", { class: "tnb-marker-edit" }, name, note);
  let isDone = false;
  const finish = (keep: boolean) => {
    if (isDone) return;
    isDone = true;
    const wanted = name.value.trim() || marker.name;
    const isChanged = wanted !== marker.name || note.value !== marker.note;
    done(keep && isChanged ? { name: wanted, note: note.value } : undefined);
  };
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    finish(event.key === "Enter");
  });
  element.addEventListener("focusout", (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) finish(true);
  });
  return element;
}
