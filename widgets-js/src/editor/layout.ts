/**
 * The editor's areas: tabs at the start, the player in the center, the inspector at the
 * end, the timeline below. Their sizes do not depend on what is in them, so that nothing
 * moves under a press; splitters change them.
 */

import { t } from "../i18n";
import { h } from "../ui/dom";
import { type Tab, Tabs } from "../ui/tabs";
import { makeSplitter, type Splitter } from "./splitter";

export type Side = "start" | "end";
type Shape = "wide" | "medium" | "narrow";

export interface Layout {
  readonly element: HTMLElement;
  /** At the bottom, for short texts and buttons. */
  readonly status: HTMLElement;
  /** Add a panel; the first of a side is shown. */
  addTab(side: Side, tab: Tab): void;
  /** Bring a panel into sight. */
  show(id: string): void;
  /** Add a screen beside the player; in a narrow editor they take turns. */
  addScreen(tab: Tab): void;
  close(): void;
}

// Up to these widths both sides share one column, and up to those all is tabs.
const MEDIUM_PX = 1100;
const NARROW_PX = 760;
// From here on two screens stand side by side.
const TWO_SCREENS_PX = 1300;

export function makeLayout(player: Tab, timeline: Tab): Layout {
  const sides = { start: new Tabs(), end: new Tabs() };
  const below = new Tabs();
  const screens = new Tabs();
  screens.element.classList.add("tnb-center");
  screens.add(player);
  for (const side of ["start", "end"] as const) {
    sides[side].element.classList.add("tnb-side", `tnb-${side}`);
  }
  below.element.classList.add("tnb-below");
  below.add(timeline);
  // Who works on the timeline wants to see what it shows.
  timeline.element.addEventListener("focusin", () => screens.show(player.id));
  const status = h("div", { class: "tnb-status" });
  const element = h("div", { class: "tnb-layout" });
  const splitter = (name: string, label: string, initial: number): Splitter =>
    makeSplitter(element, { name, label, initial });
  const splitters = {
    start: splitter("start", t("Width of the panels at the start"), 260),
    end: splitter("end", t("Width of the inspector"), 280),
    below: splitter("below", t("Height of the timeline"), 320),
  };
  element.append(
    sides.start.element,
    splitters.start.element,
    screens.element,
    splitters.end.element,
    sides.end.element,
    splitters.below.element,
    below.element,
    status,
  );

  const homes = new Map<string, Side>();
  let shape: Shape = "wide";
  /** Where the tabs of a side are shown now. */
  const holder = (side: Side): Tabs => {
    if (shape === "narrow") return below;
    return shape === "medium" ? sides.start : sides[side];
  };
  const reshape = (next: Shape) => {
    if (next === shape) return;
    shape = next;
    element.dataset.shape = shape;
    for (const [id, side] of homes) {
      const wanted = holder(side);
      const from = [sides.start, sides.end, below].find(
        (tabs) => tabs !== wanted && tabs.tabs.some((tab) => tab.id === id),
      );
      const tab = from?.remove(id);
      if (tab) wanted.add(tab);
    }
  };
  element.dataset.shape = shape;
  const resize = () => {
    const width = element.clientWidth;
    if (!width) return;
    reshape(width <= NARROW_PX ? "narrow" : width <= MEDIUM_PX ? "medium" : "wide");
    element.dataset.screens = String(
      screens.tabs.length > 1 && width >= TWO_SCREENS_PX ? 2 : 1,
    );
  };
  const observer = new ResizeObserver(resize);
  observer.observe(element);

  return {
    element,
    status,
    addTab: (side, tab) => {
      homes.set(tab.id, side);
      holder(side).add(tab);
    },
    show: (id) => {
      for (const tabs of [sides.start, sides.end, below, screens]) tabs.show(id);
    },
    addScreen: (tab) => {
      screens.add(tab);
      resize();
    },
    close: () => {
      observer.disconnect();
      for (const one of Object.values(splitters)) one.close();
    },
  };
}
