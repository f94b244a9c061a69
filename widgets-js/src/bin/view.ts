/** The media bin: search, sort, list and tiles, import, and the edits from there. */

import { textOf } from "../channel";
import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { loadLater } from "../later";
import { placeFields, startMediaDrag } from "../mediaDrag";
import type { BinItem } from "../protocol";
import { h, icon, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { KeyedRows, textRows } from "../ui/keyedRows";
import { contextMenu, type MenuGroups, openMenu } from "../ui/menu";
import { roving } from "../ui/roving";
import { Importer } from "./importer";
import {
  type Counts,
  folderName,
  type ListOptions,
  type SortKey,
  sectionsOf,
} from "./list";
import { BinSorter, headingOf } from "./ownBins";
import { makeOffline } from "./relink";
import { type BinRow, keyOf, Pictures, rowsOf } from "./rows";
import { Selection } from "./selection";
import { HoverScrub, tileOf } from "./tile";
import { makeUploadList } from "./uploadList";

type PlaceMode = "append" | "insert" | "overwrite";

export interface BinView {
  readonly element: HTMLElement;
  /** The medium of a path, if it is in the bin. */
  find(path: string): BinItem | undefined;
  close(): void;
}

/** Make the bin; `onOpen` shows a medium in the source monitor. */
export function makeBin(
  context: WidgetContext,
  onOpen: (item: BinItem) => void,
): BinView {
  const { channel, playhead, notice, commands, root } = context;
  let items: readonly BinItem[] = [];
  let counts: Counts = {};
  const pictures = new Pictures();
  let options: ListOptions = {
    search: "",
    sort: "added",
    isDescending: false,
    byFolder: false,
  };
  const uploads = makeUploadList();
  const importer = new Importer(context, uploads.show);
  const scrub = new HoverScrub(channel);
  const find = (path: string | undefined) => items.find((item) => item.path === path);

  const list = h("ul", {
    class: "tnb-media",
    role: "listbox",
    "aria-multiselectable": "true",
    "aria-label": t("Media"),
    tabindex: "0",
    "data-look": "list",
  });
  const selection = new Selection(list);
  const search = h("input", {
    type: "search",
    class: "tnb-text",
    placeholder: t("Search media"),
    "aria-label": t("Search media"),
    spellcheck: "false",
    on: {
      input: () => {
        options = { ...options, search: search.value };
        draw();
      },
    },
  });
  const empty = h(
    "div",
    { class: "tnb-bin-empty" },
    icon(ICONS.film) as unknown as Node,
    h("b", {}, t("No media yet")),
    h("p", {}, t("Drop files here, or add them from the folder of the notebook.")),
    h(
      "button",
      {
        type: "button",
        class: "tnb-text-button tnb-primary",
        on: { click: () => commands.run("bin.import") },
      },
      t("Add media"),
    ),
  );
  const nothing = h(
    "p",
    { class: "tnb-bin-nothing", hidden: true },
    t("Nothing found"),
  );
  const problems = h("ul", { class: "tnb-problems", hidden: true });

  const problemRows = textRows(problems);

  const rows = new KeyedRows<BinRow>(list, {
    key: keyOf,
    make: (_, row) => ({ element: elementOf(row) }),
    drawn: () => {
      scrub.check();
      selection.keep(new Set(items.map(({ path }) => path)));
    },
  });
  const elementOf = (row: BinRow): HTMLElement => {
    if ("item" in row) return tileOf(row, selection.has(row.item.path));
    if ("bin" in row) return headingOf(row);
    const { folder } = row;
    const look = { class: "tnb-bin-folder", role: "presentation", title: folder };
    return h("li", look, folderName(folder));
  };
  const rowOf = (item: BinItem) => ({
    item,
    picture: pictures.of(item.path),
    uses: counts[item.path] ?? 0,
  });
  const draw = () => {
    const { bins, kept } = sorter;
    const sections = sectionsOf(items, counts, { ...options, bins, kept });
    rows.show(
      sections.flatMap((section) => rowsOf(section, sorter.isClosed(section), rowOf)),
    );
    empty.hidden = items.length > 0;
    list.hidden = !items.length;
    nothing.hidden = !items.length || sections.length > 0;
  };

  const sorter = new BinSorter(context, draw);
  const chosen = () => items.filter((item) => selection.has(item.path));
  const place = async (mode: PlaceMode) => {
    // Inserted from the last to the first, they lie in the order of the bin.
    const order = mode === "insert" ? [...chosen()].reverse() : chosen();
    const track = context.targets.of("video");
    for (const { path } of order) {
      const where = { mode, atS: playhead.seconds, onNewTrack: false };
      await channel
        .request({ kind: "placeMedia", path, ...where, ...(track ? { track } : {}) })
        .catch(notice.problem);
    }
  };
  const remove = () =>
    channel
      .request({ kind: "removeMedia", paths: chosen().map(({ path }) => path) })
      .catch(notice.problem);
  const showUses = async (path: string, at: { x: number; y: number }) => {
    try {
      const { answer } = await channel.request({ kind: "askUses", path });
      const box = root.getBoundingClientRect();
      openMenu(root, { x: at.x - box.left, y: at.y - box.top }, [
        answer.clips.map((use) => ({
          label: t("{name} on {track}", { name: use.name, track: use.track }),
          pick: () => {
            playhead.move(use.startS);
            context.model.set("selection", [use.item]);
            context.model.save_changes();
          },
        })),
      ]);
    } catch (problem) {
      notice.problem(problem);
    }
  };
  const importMedia = () =>
    loadLater(context).then(
      ({ openPicker }) =>
        openPicker(root, channel, {
          title: t("Add media"),
          action: t("Add"),
          pick: (paths) => importer.open(paths),
        }),
      notice.problem,
    );
  const group = t("Media");
  commands.add({ id: "bin.import", label: t("Add media"), group, run: importMedia });

  const files = h("input", { type: "file", multiple: true, hidden: true });
  files.addEventListener("change", () => {
    void importer.upload([...(files.files ?? [])]);
    files.value = "";
  });
  const look = iconButton(ICONS.grid, t("Tiles"), () => {
    const isGrid = list.dataset.look !== "grid";
    list.dataset.look = isGrid ? "grid" : "list";
    setPressed(look, isGrid);
  });
  setPressed(look, false);
  const sortButton = iconButton(ICONS.sort, t("Sort"), () => {
    const box = sortButton.getBoundingClientRect();
    const from = root.getBoundingClientRect();
    const at = { x: box.left - from.left, y: box.bottom - from.top };
    openMenu(root, at, sortMenu());
  });
  const sortMenu = (): MenuGroups => {
    const key = (sort: SortKey, label: string) => ({
      label,
      checked: options.sort === sort,
      pick: () => change({ sort }),
    });
    return [
      [
        key("added", t("Order of import")),
        key("name", t("Name")),
        key("duration", t("Duration")),
        key("kind", t("Kind")),
        key("uses", t("Uses")),
        key("offline", t("Offline first")),
      ],
      [
        {
          label: t("Descending"),
          checked: options.isDescending,
          pick: () => change({ isDescending: !options.isDescending }),
        },
        {
          label: t("Group by folder"),
          checked: options.byFolder,
          pick: () => change({ byFolder: !options.byFolder }),
        },
      ],
    ];
  };
  const change = (more: Partial<ListOptions>) => {
    options = { ...options, ...more };
    draw();
  };

  const itemAt = (event: Event): BinItem | undefined =>
    find((event.target as Element).closest<HTMLElement>(".tnb-medium")?.dataset.path);
  list.addEventListener("click", (event) => {
    if (sorter.click(event)) return;
    const item = itemAt(event);
    if ((event.target as Element).closest(".tnb-medium-uses") && item) {
      void showUses(item.path, { x: event.clientX, y: event.clientY });
      return;
    }
    if (item) selection.press(item.path, event);
    else selection.set([]);
  });
  list.addEventListener("dblclick", (event) => {
    const item = itemAt(event);
    if (item) onOpen(item);
  });
  list.addEventListener("pointermove", (event) => {
    const item = itemAt(event);
    const tile = (event.target as Element).closest<HTMLElement>(".tnb-medium");
    if (item && tile) scrub.move(item, tile, event);
    else scrub.leave();
  });
  list.addEventListener("pointerleave", () => scrub.leave());
  list.addEventListener("dragstart", (event) => {
    const item = itemAt(event);
    if (!item) return;
    scrub.leave();
    if (!selection.has(item.path)) selection.set([item.path]);
    startMediaDrag(event, {
      name: item.name,
      durationS: item.kind === "image" ? undefined : item.durationS,
      request: (place) => ({
        kind: "placeMedia",
        path: item.path,
        ...placeFields(place),
      }),
    });
  });
  list.addEventListener("keydown", (event) => {
    const [first] = chosen();
    if (event.key === "Enter" && first) onOpen(first);
    else if ((event.key === "Delete" || event.key === "Backspace") && first) remove();
    else if (!selection.onKeyDown(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  sorter.takeDrops(list, chosen);
  const detachMenu = contextMenu(list, (event) => {
    const ofBin = sorter.menuAt(event);
    if (ofBin) return ofBin;
    const item = itemAt(event);
    if (item && !selection.has(item.path)) selection.set([item.path]);
    const own = chosen();
    const [first] = own;
    if (!first) {
      const choices = [commands.choice("bin.import"), sorter.newBin()];
      return [choices, [...(sortMenu()[0] ?? [])]];
    }
    const uses = counts[first.path] ?? 0;
    const at = list.getBoundingClientRect();
    const point =
      event instanceof MouseEvent ? event : { clientX: at.x, clientY: at.y };
    return [
      [
        ...(first.isOffline ? [commands.choice("bin.relink")] : []),
        { label: t("Open in the source monitor"), pick: () => onOpen(first) },
      ],
      [
        { label: t("Append to the timeline"), pick: () => void place("append") },
        { label: t("Insert at the playhead"), pick: () => void place("insert") },
        { label: t("Overwrite at the playhead"), pick: () => void place("overwrite") },
      ],
      [
        {
          label: t("Show uses"),
          disabled: !uses || own.length > 1,
          pick: () => void showUses(first.path, { x: point.clientX, y: point.clientY }),
        },
      ],
      [sorter.menuOf(own)],
      [{ label: t("Remove from the bin"), keys: t("Delete"), pick: remove }],
    ];
  });

  channel.on("bin", (answer, buffers) => {
    const free = pictures.take(answer.items, buffers);
    items = answer.items;
    draw();
    free();
    problems.hidden = !answer.problems.length;
    problemRows.show(answer.problems.map(textOf));
  });
  channel.on("binUses", (answer) => {
    counts = answer.counts;
    draw();
  });

  const head = h(
    "div",
    { class: "tnb-row tnb-bin-head", role: "toolbar", "aria-label": t("Media bin") },
    search,
    sortButton,
    look,
    iconButton(ICONS.upload, t("Upload files"), () => files.click()),
    iconButton(ICONS.plus, t("Add media"), () => commands.run("bin.import"), {
      "data-command": "bin.import",
    }),
  );
  roving(head);
  const element = h(
    "section",
    { class: "tnb-bin", "aria-label": t("Media bin"), "data-testid": "bin" },
    head,
    files,
    makeOffline(context).element,
    makeScan(context),
    uploads.element,
    empty,
    list,
    nothing,
    problems,
  );
  importer.takeDrops(element, (over) => {
    element.toggleAttribute("data-drop", over);
  });
  draw();
  return {
    element,
    find,
    close: () => {
      detachMenu();
      importer.close();
      pictures.close();
    },
  };
}

/** How far the scan of a folder is, and what cancels it. */
function makeScan({ channel, notice }: WidgetContext): HTMLElement {
  const scanned = h("span", {});
  const scan = h(
    "div",
    { class: "tnb-row tnb-scan", role: "status", hidden: true },
    scanned,
    iconButton(ICONS.close, t("Cancel the scan"), () => {
      channel.request({ kind: "cancelScan" }).catch(notice.problem);
    }),
  );
  channel.on("scan", (answer) => {
    scan.hidden = !answer.folder;
    scan.title = answer.folder;
    scanned.textContent = answer.total
      ? t("Reading {done} of {total} files", {
          done: String(answer.done),
          total: String(answer.total),
        })
      : t("Looking for media");
  });
  return scan;
}
