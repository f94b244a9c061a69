/** The commands of the picture, and the menus that hold them. */

import { t } from "../i18n";
import type { Commands } from "../ui/commands";
import type { MenuGroups } from "../ui/menu";
import type { Mode } from "./handles";
import type { Stage } from "./stage";

export function addStageCommands(commands: Commands, stage: Stage): void {
  const group = t("Picture");
  const modes: readonly (readonly [Mode & string, string, string])[] = [
    ["transform", "stage.transform", t("Move, scale and rotate")],
    ["crop", "stage.crop", t("Crop")],
    ["pin", "stage.pin", t("Corner pin")],
  ];
  for (const [mode, id, label] of modes) {
    commands.add({
      id,
      label,
      group,
      run: () => {
        stage.mode = stage.mode === mode ? "none" : mode;
        stage.element.focus({ preventScroll: true });
      },
      isChecked: () => stage.mode === mode,
    });
  }
  commands.add({
    id: "stage.editText",
    label: t("Edit text"),
    group,
    run: () => {
      const layer = stage.selected;
      if (layer) stage.editor.open(layer);
    },
    isEnabled: () => Boolean(stage.selected?.text && !stage.selected.locked),
  });
  commands.add({
    id: "stage.guides",
    label: t("Guides"),
    group,
    run: () => {
      stage.showsGuides = !stage.showsGuides;
    },
    isChecked: () => stage.showsGuides,
  });
  commands.add({
    id: "stage.rulers",
    label: t("Rulers"),
    group,
    run: () => {
      stage.showsRulers = !stage.showsRulers;
    },
    isChecked: () => stage.showsRulers,
  });
  commands.add({
    id: "stage.snap",
    label: t("Snap on the picture"),
    group,
    run: () => {
      stage.snaps = !stage.snaps;
    },
    isChecked: () => stage.snaps,
  });
}

/** What the picture offers, in its own menu and in the one of its button. */
export function stageMenu(commands: Commands): MenuGroups {
  const choices = (...ids: string[]) => ids.map((id) => commands.choice(id));
  return [
    choices("stage.editText"),
    choices("stage.transform", "stage.crop", "stage.pin"),
    choices("stage.guides", "stage.rulers", "player.safeAreas", "stage.snap"),
    choices("player.play", "player.fullScreen"),
  ];
}
