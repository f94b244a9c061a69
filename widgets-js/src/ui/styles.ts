/**
 * The style sheets of the editor and of its parts, as one text: the later one wins.
 * What only one other widget has comes with that widget.
 */

import bin from "../bin/bin.css";
import beside from "../editor/beside.css";
import editor from "../editor/editor.css";
import effects from "../editor/effects/effects.css";
import renders from "../editor/export/renders.css";
import colors from "../editor/inspector/colors.css";
import curves from "../editor/inspector/curves.css";
import effectBoxes from "../editor/inspector/effectBoxes.css";
import fields from "../editor/inspector/fields.css";
import inspector from "../editor/inspector/inspector.css";
import keyframes from "../editor/inspector/keyframes.css";
import journal from "../editor/journal.css";
import layout from "../editor/layout.css";
import lists from "../editor/lists.css";
import overlay from "../overlay/overlay.css";
import permissions from "../permissions/permissions.css";
import player from "../player/player.css";
import source from "../source/source.css";
import stage from "../stage/stage.css";
import drag from "../timeline/drag.css";
import headers from "../timeline/headers.css";
import markers from "../timeline/markers.css";
import narrowTimeline from "../timeline/narrow.css";
import overview from "../timeline/overview.css";
import rows from "../timeline/rows.css";
import timeline from "../timeline/timeline.css";
import toolbar from "../timeline/toolbar.css";
import base from "./base.css";
import controls from "./controls.css";
import dialogFrames from "./dialogFrames.css";
import menus from "./menus.css";
import narrow from "./narrow.css";
import notices from "./notices.css";
import panels from "./panels.css";
import tabs from "./tabs.css";

export const css = [
  base,
  controls,
  notices,
  menus,
  panels,
  dialogFrames,
  tabs,
  timeline,
  drag,
  toolbar,
  rows,
  headers,
  overview,
  markers,
  narrowTimeline,
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
  renders,
  inspector,
  fields,
  keyframes,
  effectBoxes,
  colors,
  curves,
  effects,
  permissions,
  narrow,
].join("\n");
