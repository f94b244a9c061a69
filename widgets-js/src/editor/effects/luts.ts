/** Choose a LUT file below the roots, by what it makes of the clip's frame. */

import type { Channel } from "../../channel";
import { t, tn } from "../../i18n";
import type { LutView } from "../../protocol";
import { type Dialog, openDialog } from "../../ui/dialog";
import { h } from "../../ui/dom";
import { Samples } from "./samples";
import { makeTiles, type Tile } from "./tiles";

export interface LutPicker {
  open(picked: (path: string) => void): void;
}

export function makeLutPicker(
  host: HTMLElement,
  channel: Channel,
  frame: () => { readonly item: string; readonly atS: number },
): LutPicker {
  let luts: readonly LutView[] = [];
  let list: ((found: readonly LutView[], isDone: boolean) => void) | undefined;
  channel.on("luts", (answer) => {
    luts = answer.luts;
    list?.(luts, answer.isDone);
  });
  const open = (picked: (path: string) => void) => {
    const samples = new Samples(channel);
    const tiles = makeTiles(t("LUT files"), samples);
    const hint = h(
      "p",
      { class: "tnb-hint", role: "status" },
      t("Looking for LUT files…"),
    );
    const search = h("input", {
      type: "search",
      class: "tnb-text",
      placeholder: t("Search"),
      "aria-label": t("Search LUT files"),
    });
    let dialog: Dialog | undefined;
    const tile = (lut: LutView): Tile => ({
      id: lut.path,
      sample: `lut:${lut.path}`,
      label: lut.name,
      about: "",
      doc: lut.path,
      mark: h("span"),
      isFavorite: false,
      drag: () => undefined,
      apply: () => {
        picked(lut.path);
        dialog?.close();
      },
      menu: () => [],
    });
    const show = () => {
      const words = search.value.toLowerCase();
      tiles.show(
        luts.filter((lut) => lut.path.toLowerCase().includes(words)).map(tile),
      );
    };
    search.addEventListener("input", show);
    list = (found, isDone) => {
      hint.textContent = found.length
        ? tn(
            "{count} LUT file below the allowed folders.",
            "{count} LUT files below the allowed folders.",
            found.length,
          )
        : t("No LUT file (.cube) lies below the allowed folders.");
      hint.hidden = !isDone;
      show();
    };
    const { item, atS } = frame();
    samples.use(item, atS);
    dialog = openDialog(host, {
      title: t("Choose a LUT"),
      class: "tnb-lut-dialog",
      body: h("div", { class: "tnb-dialog-fields" }, search, hint, tiles.element),
      onClose: () => {
        list = undefined;
        tiles.close();
        samples.close();
      },
    });
    show();
    channel.request({ kind: "listLuts" }).catch(() => undefined);
  };
  return { open };
}
