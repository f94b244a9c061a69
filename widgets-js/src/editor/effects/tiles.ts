/** A list of tiles with pictures: arrows move through it, Enter applies. */

import { t } from "../../i18n";
import { h } from "../../ui/dom";
import { KeyedRows, type Row } from "../../ui/keyedRows";
import { contextMenu, type MenuGroups } from "../../ui/menu";
import type { Samples } from "./samples";

export interface Tile {
  /** Of its sample; empty for one without. */
  readonly sample: string;
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly doc: string;
  /** Drawn where there is no picture. */
  readonly mark: SVGSVGElement | HTMLElement;
  readonly isFavorite: boolean;
  drag(data: DataTransfer): void;
  apply(): void;
  menu(): MenuGroups;
  star?(): void;
}

export interface Tiles {
  readonly element: HTMLElement;
  show(tiles: readonly Tile[]): void;
  /** Look again at what is in sight. */
  refresh(): void;
  close(): void;
}

const MARGIN = "120px";
const STAR =
  "M8 1.500l2 4.300 4.700.6-3.500 3.200.9 4.700L8 12l-4.100 2.300.9-4.700L1.300 6.400l4.700-.6z";

interface TileRow extends Row<Tile> {
  readonly image: HTMLImageElement;
  tile(): Tile;
}

export function makeTiles(label: string, samples: Samples): Tiles {
  const element = h("div", {
    class: "tnb-tiles",
    role: "listbox",
    "aria-label": label,
  });
  let shown: readonly Tile[] = [];
  let active = "";
  const inSight = new Set<string>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const id = (target as HTMLElement).dataset.tile ?? "";
        if (isIntersecting) inSight.add(id);
        else inSight.delete(id);
      }
      refresh();
    },
    { rootMargin: MARGIN },
  );
  const refresh = () => {
    const wanted = new Map<string, (url: string) => void>();
    for (const { image, tile } of rows.rows) {
      const { sample, id } = tile();
      if (!sample || !inSight.has(id)) continue;
      wanted.set(sample, (url) => {
        image.src = url;
        image.hidden = false;
      });
    }
    samples.show(wanted);
  };
  const tileOf = (target: EventTarget | null) => {
    const id = (target as Element | null)?.closest<HTMLElement>("[data-tile]")?.dataset
      .tile;
    return shown.find((tile) => tile.id === id);
  };
  const focus = (tile: Tile | undefined) => {
    if (!tile) return;
    active = tile.id;
    for (const { element: own } of rows.rows) {
      own.tabIndex = own.dataset.tile === active ? 0 : -1;
      if (!own.tabIndex) own.focus();
    }
  };
  const makeTile = (now: () => Tile | undefined, tile: Tile): TileRow => {
    const image = h("img", { alt: "", draggable: "false" });
    image.hidden = true;
    // By keys and for readers it is F, and an entry of the menu.
    const star = h(
      "span",
      {
        class: "tnb-star",
        "aria-hidden": "true",
        on: {
          click: (event: MouseEvent) => {
            event.stopPropagation();
            now()?.star?.();
          },
          dblclick: (event: MouseEvent) => event.stopPropagation(),
        },
      },
      mark(STAR),
    );
    star.hidden = !tile.star;
    const made = h(
      "div",
      {
        class: "tnb-tile",
        role: "option",
        "aria-selected": "false",
        tabindex: "-1",
        "data-tile": tile.id,
        draggable: "true",
        title: t(tile.doc),
      },
      h("span", { class: "tnb-tile-picture" }, tile.mark as Node, image, star),
      h("b", {}, tile.label),
      h("small", {}, tile.about),
    );
    observer.observe(made);
    return {
      element: made,
      image,
      tile: () => now() ?? tile,
      show: ({ isFavorite }) => {
        made.dataset.favorite = String(isFavorite);
      },
    };
  };
  const rows: KeyedRows<Tile, TileRow> = new KeyedRows(element, {
    key: ({ id }) => id,
    make: makeTile,
    drawn: () => {
      for (const { element: own } of rows.rows)
        own.tabIndex = own.dataset.tile === active ? 0 : -1;
      refresh();
    },
  });
  element.addEventListener("dblclick", (event) => tileOf(event.target)?.apply());
  element.addEventListener("focusin", (event) => {
    const tile = tileOf(event.target);
    if (!tile) return;
    active = tile.id;
    for (const { element: own } of rows.rows) {
      const isActive = own.dataset.tile === active;
      own.tabIndex = isActive ? 0 : -1;
      own.setAttribute("aria-selected", String(isActive));
    }
  });
  element.addEventListener("dragstart", (event) => {
    const tile = tileOf(event.target);
    if (!tile || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "copy";
    tile.drag(event.dataTransfer);
  });
  element.addEventListener("keydown", (event) => {
    const now = shown.findIndex((tile) => tile.id === active);
    const columns = columnsOf(element);
    const by: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      Home: -now,
      End: shown.length - 1 - now,
    };
    const step = by[event.key];
    if (event.key === "Enter") tileOf(event.target)?.apply();
    else if (event.key === "f" || event.key === "*") tileOf(event.target)?.star?.();
    else if (step !== undefined)
      focus(shown[Math.min(shown.length - 1, Math.max(0, now + step))]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const stopMenu = contextMenu(element, (event) => tileOf(event.target)?.menu() ?? []);
  return {
    element,
    refresh,
    show: (tiles) => {
      shown = tiles;
      if (!tiles.some(({ id }) => id === active)) active = tiles[0]?.id ?? "";
      rows.show(tiles);
    },
    close: () => {
      observer.disconnect();
      stopMenu();
    },
  };
}

/** How many tiles stand in a row. */
function columnsOf(element: HTMLElement): number {
  const tops = [...element.children].map((child) => (child as HTMLElement).offsetTop);
  const count = tops.findIndex((top) => top !== tops[0]);
  return count < 0 ? Math.max(1, tops.length) : count;
}

function mark(path: string): Node {
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}
