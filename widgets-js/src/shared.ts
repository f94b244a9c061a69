/** The modules that the editor's later part takes from the editor; `build.mjs` checks. */

import * as buffers from "./buffers";
import * as channel from "./channel";
import * as offer from "./editor/effects/offer";
import * as status from "./editor/export/status";
import * as i18n from "./i18n";
import * as chords from "./ui/chords";
import * as dialog from "./ui/dialog";
import * as dom from "./ui/dom";
import * as icons from "./ui/icons";
import * as keyedRows from "./ui/keyedRows";
import * as keymap from "./ui/keymap";
import * as menu from "./ui/menu";
import * as press from "./ui/press";
import * as roving from "./ui/roving";
import * as tabs from "./ui/tabs";

export const shared: Readonly<Record<string, unknown>> = {
  buffers,
  channel,
  "editor/effects/offer": offer,
  "editor/export/status": status,
  i18n,
  "ui/chords": chords,
  "ui/dialog": dialog,
  "ui/dom": dom,
  "ui/icons": icons,
  "ui/keyedRows": keyedRows,
  "ui/keymap": keymap,
  "ui/menu": menu,
  "ui/press": press,
  "ui/roving": roving,
  "ui/tabs": tabs,
};
