/**
 * What the editor loads once it is open: its rarer panels and dialogs.
 *
 * `build.mjs` leaves out the modules that the editor has: `src/shared.ts` hands them over.
 */

import tiles from "../editor/effects/tiles.css";
import exportDialog from "../editor/export/exportDialog.css";
import plugins from "../editor/plugins.css";
import settings from "../ui/settingsDialog.css";

export { openPicker } from "../bin/picker";
export { makeEffectsBrowser } from "../editor/effects/browser";
export { makeLutPicker } from "../editor/effects/luts";
export { savePreset } from "../editor/effects/presets";
export { openExport } from "../editor/export/dialog";
export { makePluginPanels } from "../editor/panels";
export { openKeys, openSettings } from "../ui/settingsDialog";

export const css = [settings, exportDialog, tiles, plugins].join("\n");
