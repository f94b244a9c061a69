/** The commands that open the dialogs of settings and of keyboard shortcuts. */

import { t } from "../i18n";
import type { Commands } from "./commands";
import type { Settings } from "./settings";

export interface SettingsParts {
  readonly root: HTMLElement;
  readonly commands: Commands;
  readonly settings: Settings;
  problem(error: unknown): void;
}

export interface SettingsDialogs {
  openKeys(parts: SettingsParts): unknown;
  openSettings(parts: SettingsParts): unknown;
}

/** Add the commands; `dialogs` has what they open, or loads it. */
export function addSettingsCommands(
  parts: SettingsParts,
  dialogs: () => Promise<SettingsDialogs>,
): void {
  const { commands, problem } = parts;
  const add = (id: string, label: string, name: keyof SettingsDialogs) => {
    const run = () => dialogs().then((found) => found[name](parts), problem);
    commands.add({ id, label, group: t("Help and settings"), run });
  };
  add("help.keys", t("Keyboard shortcuts"), "openKeys");
  add("settings.open", t("Settings"), "openSettings");
}
