/** The layer over the player in which clips are placed and texts are edited. */

import type { WidgetContext } from "../context";
import { t } from "../i18n";
import type { PlayerView, ScreenLayer } from "../player/view";
import { onEditText } from "../textEdit";
import { iconButton } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { contextMenu, openMenu } from "../ui/menu";
import { addStageCommands, stageMenu } from "./commands";
import { layerAt } from "./geometry";
import { attachPointer } from "./pointer";
import { Stage } from "./stage";

export interface StageView {
  readonly screenLayer: ScreenLayer;
  /** Let the pointer through to what lies below, such as boxes of detections. */
  letThrough(lets: boolean): void;
  close(): void;
}

/** The button in the player's bar that opens the menu of the picture. */
export function stageButton({ commands }: WidgetContext): HTMLElement {
  const label = t("Handles and guides");
  const button = iconButton(ICONS.handles, label, () => {
    openMenu(button, { x: 0, y: button.clientHeight + 2 }, stageMenu(commands));
  });
  button.setAttribute("aria-haspopup", "menu");
  button.dataset.testid = "stage-menu";
  return button;
}

export function makeStage(context: WidgetContext, player: PlayerView): StageView {
  const { model, commands } = context;
  const stage = new Stage(context, player);
  attachPointer(stage);
  addStageCommands(commands, stage);
  onEditText(context.root, (item) => stage.editText(item));
  const closeMenu = contextMenu(stage.element, (event) => {
    if (event instanceof MouseEvent) {
      const box = stage.element.getBoundingClientRect();
      const x = (event.clientX - box.left) / stage.scale;
      const y = (event.clientY - box.top) / stage.scale;
      const under = layerAt(stage.scene.layers, [x, y]);
      if (under && under.item !== stage.selected?.item) stage.select(under);
    }
    return stageMenu(commands);
  });
  const redraw = () => {
    stage.onSelection();
    commands.changed();
  };
  model.on("change:selection", redraw);
  const resizeObserver = new ResizeObserver(() => {
    stage.draw();
    stage.editor.refresh();
  });
  resizeObserver.observe(stage.element);
  return {
    screenLayer: { element: stage.element, show: (frame) => stage.show(frame) },
    letThrough: (lets) => stage.element.classList.toggle("tnb-stage-through", lets),
    close: () => {
      model.off("change:selection", redraw);
      resizeObserver.disconnect();
      closeMenu();
      stage.close();
    },
  };
}
