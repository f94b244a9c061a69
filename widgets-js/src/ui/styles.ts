/** The style sheets of all widgets, as one text: the later one wins. */

import page from "../alone/page.css";
import bin from "../bin/bin.css";
import beside from "../editor/beside.css";
import editor from "../editor/editor.css";
import effects from "../editor/effects/effects.css";
import exporting from "../editor/export/export.css";
import inspector from "../editor/inspector/inspector.css";
import journal from "../editor/journal.css";
import layout from "../editor/layout.css";
import lists from "../editor/lists.css";
import plugins from "../editor/plugins.css";
import overlay from "../overlay/overlay.css";
import permissions from "../permissions/permissions.css";
import player from "../player/player.css";
import review from "../review/review.css";
import signIn from "../signIn/signIn.css";
import source from "../source/source.css";
import stage from "../stage/stage.css";
import drag from "../timeline/drag.css";
import timeline from "../timeline/timeline.css";
import tracks from "../timeline/tracks.css";
import base from "./base.css";
import dialogs from "./dialogs.css";
import narrow from "./narrow.css";

export const css = [
  base,
  dialogs,
  timeline,
  drag,
  tracks,
  player,
  overlay,
  stage,
  editor,
  bin,
  source,
  journal,
  layout,
  beside,
  lists,
  exporting,
  inspector,
  effects,
  plugins,
  signIn,
  permissions,
  review,
  page,
  narrow,
].join("\n");
