/** The inspector and the effects browser, joined. */

import type { WidgetContext } from "../../context";
import { t } from "../../i18n";
import { type Later, loadLater } from "../../later";
import { type Inspector, makeInspector } from "../inspector/view";
import { makeAttributes } from "./attributes";
import { makeCompare } from "./compare";
import { type LaterBrowser, makeLaterBrowser } from "./laterBrowser";
import type { LutPicker } from "./luts";
import { makePointPicker } from "./pickPoint";

interface Screen {
  addLayer(layer: { readonly element: HTMLElement; show(number: number): void }): void;
}

export interface EffectParts {
  readonly inspector: Inspector;
  readonly browser: LaterBrowser;
  close(): void;
}

/** Build both; `browse` brings the browser into sight. */
export function makeEffectParts(
  context: WidgetContext,
  player: Screen,
  browse: () => void,
): EffectParts {
  const { model, channel, playhead, notice, commands, root } = context;
  const selected = () =>
    (model.get("selection") as readonly string[] | undefined) ?? [];
  const compare = makeCompare(channel, playhead, notice);
  const picker = makePointPicker();
  player.addLayer(compare.layer);
  player.addLayer(picker.layer);
  const attributes = makeAttributes(root, channel, notice, selected);
  let luts: LutPicker | undefined;
  const frame = () => ({ item: selected()[0] ?? "", atS: playhead.seconds });
  const later = (use: (later: Later) => void) => {
    loadLater(context).then(use, notice.problem);
  };
  const browser = makeLaterBrowser(context);
  const show = () => {
    browse();
    browser.focus();
  };
  const inspector = makeInspector(context, {
    browse: show,
    pickLut: (_, picked) =>
      later(({ makeLutPicker }) => {
        luts ??= makeLutPicker(root, channel, frame);
        luts.open(picked);
      }),
    pickPoint: picker.pick,
    compare: compare.toggle,
    savePreset: (view, numbers) =>
      later(({ savePreset }) => savePreset(root, channel, notice, view, numbers)),
    copyAttributes: attributes.copy,
    canPaste: attributes.canPaste,
    pasteAttributes: attributes.paste,
  });
  const group = t("Effects");
  commands.add({ id: "effects.search", label: t("Search effects"), group, run: show });
  commands.add({
    id: "effects.paste",
    label: t("Paste attributes…"),
    group,
    run: attributes.paste,
    isEnabled: attributes.canPaste,
  });
  return {
    inspector,
    browser,
    close: () => {
      compare.close();
      inspector.close();
      browser.close();
    },
  };
}
