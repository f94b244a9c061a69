/** A widget whose program has all of it. */

import * as dialogs from "../ui/settingsDialog";
import settings from "../ui/settingsDialog.css";
import { type Build, widget } from "./widget";

export function plainWidget(name: string, build: Build, css = "") {
  return widget(name, build, { css: settings + css, dialogs: async () => dialogs });
}
