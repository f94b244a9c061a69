/** The bins into which a person sorts media: headings, menus, and drops on them. */

import type { RequestBody } from "../channel";
import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { MEDIA } from "../mediaDrag";
import type { BinItem } from "../protocol";
import { openDialog } from "../ui/dialog";
import { h, icon } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { Choice, MenuGroups, Submenu } from "../ui/menu";
import type { OwnBins, Section } from "./list";

export class BinSorter {
  bins: OwnBins = {};
  /** Made on this page: shown though nothing lies in them yet. */
  readonly kept = new Set<string>();
  readonly #closed = new Set<string>();
  readonly #context: WidgetContext;
  readonly #redraw: () => void;

  constructor(context: WidgetContext, redraw: () => void) {
    this.#context = context;
    this.#redraw = redraw;
    context.channel.on("ownBins", ({ bins }) => {
      this.bins = bins;
      redraw();
    });
  }

  isClosed({ bin }: Section): boolean {
    return bin !== "" && this.#closed.has(bin);
  }

  /** Handle a click on the list; returns whether it was one on a heading. */
  click(event: Event): boolean {
    const bin = headingAt(event);
    if (bin === undefined) return false;
    if (!this.#closed.delete(bin)) this.#closed.add(bin);
    this.#redraw();
    return true;
  }

  /** What is offered for a bin, if the event is on its heading. */
  menuAt(event: Event): MenuGroups | undefined {
    const bin = headingAt(event);
    return bin === undefined ? undefined : [this.#changes(bin)];
  }

  /** What is offered for media: other bins, a new one, none; and changes of theirs. */
  menuOf(media: readonly BinItem[]): Submenu {
    const own = new Set(media.map((item) => this.#binOf(item)));
    const [only] = own.size === 1 ? own : [];
    const names = Object.keys(this.bins).sort((a, b) => a.localeCompare(b));
    const known: Choice[] = names.map((name) => ({
      label: name,
      checked: only === name,
      pick: () => this.#put(media, name),
    }));
    return {
      label: t("Move to bin"),
      groups: [
        known,
        [
          this.newBin(media),
          {
            label: t("Out of the bin"),
            disabled: only === "",
            pick: () => this.#put(media, ""),
          },
        ],
        only ? this.#changes(only) : [],
      ],
    };
  }

  /** Make a bin, for media or an empty one. */
  newBin(media: readonly BinItem[] = []): Choice {
    const make = (name: string) => {
      this.kept.add(name);
      return this.#put(media, name);
    };
    return { label: t("New bin…"), pick: () => this.#askName(t("New bin"), "", make) };
  }

  /** Have the headings of a list take media that are dropped on them. */
  takeDrops(list: HTMLElement, media: () => readonly BinItem[]): void {
    const over = (event: DragEvent): HTMLElement | undefined => {
      for (const one of list.querySelectorAll("[data-over]"))
        one.removeAttribute("data-over");
      if (!event.dataTransfer?.types.includes(MEDIA)) return undefined;
      return rowAt(event);
    };
    list.addEventListener("dragover", (event) => {
      const heading = over(event);
      if (!heading || !event.dataTransfer) return;
      heading.dataset.over = "";
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
    });
    list.addEventListener("dragleave", over);
    list.addEventListener("drop", (event) => {
      const bin = over(event)?.dataset.bin;
      if (bin === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      void this.#put(media(), bin);
    });
  }

  #changes(bin: string): Choice[] {
    const rename = (name: string) => {
      this.kept.delete(bin);
      this.kept.add(name);
      return this.#ask({ kind: "renameBin", bin, name });
    };
    return [
      {
        label: t("Rename…"),
        pick: () => this.#askName(t("Rename…"), bin, rename),
      },
      {
        label: t("Remove the bin"),
        pick: () => void this.#ask({ kind: "removeBin", bin }),
      },
    ];
  }

  #binOf({ fingerprint }: BinItem): string {
    const found = Object.entries(this.bins).find(([, own]) =>
      own.includes(fingerprint),
    );
    return found?.[0] ?? "";
  }

  #put(media: readonly BinItem[], bin: string): Promise<boolean> {
    const fingerprints = media.map(({ fingerprint }) => fingerprint);
    return this.#ask({ kind: "putInBin", media: fingerprints, bin });
  }

  async #ask(body: RequestBody): Promise<boolean> {
    try {
      await this.#context.channel.request(body);
      return true;
    } catch (problem) {
      this.#context.notice.problem(problem);
      return false;
    }
  }

  #askName(
    title: string,
    value: string,
    run: (name: string) => Promise<boolean>,
  ): void {
    const name = h("input", {
      class: "tnb-text",
      maxlength: "100",
      required: true,
      value,
    });
    openDialog(this.#context.root, {
      title,
      body: h("label", { class: "tnb-stacked" }, t("Name"), name),
      actions: [
        { label: t("Cancel") },
        {
          label: t("Save"),
          kind: "primary",
          run: () => {
            const said = name.value.trim().replace(/\s+/g, " ");
            return said ? run(said) : false;
          },
        },
      ],
    });
    name.focus();
    name.select();
  }
}

/** A bin's heading, which folds it and takes media that are dropped on it. */
export function headingOf(row: {
  readonly bin: string;
  readonly isClosed: boolean;
  readonly count: number;
}): HTMLElement {
  const { bin, isClosed, count } = row;
  return h(
    "li",
    {
      class: "tnb-own-bin",
      role: "presentation",
      "data-bin": bin,
      "data-closed": String(isClosed),
      title: bin,
    },
    icon(isClosed ? ICONS.chevronRight : ICONS.chevronDown) as unknown as Node,
    icon(ICONS.folder) as unknown as Node,
    h("b", {}, bin),
    h("small", {}, String(count)),
  );
}

function rowAt(event: Event): HTMLElement | undefined {
  const target = event.target as Element;
  return target.closest<HTMLElement>(".tnb-own-bin") ?? undefined;
}

function headingAt(event: Event): string | undefined {
  return rowAt(event)?.dataset.bin;
}
