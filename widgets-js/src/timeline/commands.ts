/** The timeline's commands: what buttons, menus and keys do. */

import { t } from "../i18n";
import type { Command, Commands } from "../ui/commands";
import type { Actions } from "./actions";
import type { Tool } from "./dragState";
import type { SubtitleEdits } from "./subtitles";

/** Add the timeline's commands, and those of playback where there is no player. */
export function addTimelineCommands(
  commands: Commands,
  actions: Actions,
  subtitles: SubtitleEdits,
): void {
  const all = [
    ...editCommands(actions),
    ...clipCommands(actions, subtitles),
    ...trimCommands(actions),
    ...toolCommands(actions),
    ...viewCommands(actions),
  ];
  for (const command of all) commands.add(command);
  for (const command of playheadCommands(actions)) {
    if (!commands.has(command.id)) commands.add(command);
  }
}

function editCommands(actions: Actions): Command[] {
  const { state } = actions;
  const group = t("Edit");
  const isSelected = () => actions.items.length > 0;
  return [
    {
      id: "edit.undo",
      label: t("Undo"),
      group,
      run: actions.undo,
      isEnabled: () => actions.canUndo,
      title: () => {
        const step = state.session.undo;
        return step ? t("Undo: {step}", { step: t(step) }) : t("Undo");
      },
    },
    {
      id: "edit.redo",
      label: t("Redo"),
      group,
      run: actions.redo,
      isEnabled: () => actions.canRedo,
      title: () => {
        const step = state.session.redo;
        return step ? t("Redo: {step}", { step: t(step) }) : t("Redo");
      },
    },
    {
      id: "timeline.cut",
      label: t("Cut"),
      group,
      run: () => actions.copy(true),
      isEnabled: isSelected,
    },
    {
      id: "timeline.copy",
      label: t("Copy"),
      group,
      run: () => actions.copy(false),
      isEnabled: isSelected,
    },
    {
      id: "timeline.paste",
      label: t("Paste at the playhead"),
      group,
      run: actions.paste,
      isEnabled: () => actions.canPaste,
    },
    {
      id: "timeline.pasteOver",
      label: t("Paste over what is there"),
      group,
      run: actions.pasteOver,
      isEnabled: () => actions.canPaste,
    },
    {
      id: "timeline.duplicate",
      label: t("Duplicate"),
      group,
      run: actions.duplicate,
      isEnabled: isSelected,
    },
    {
      id: "timeline.remove",
      label: t("Delete"),
      group,
      run: () => actions.remove(false),
      isEnabled: isSelected,
    },
    {
      id: "timeline.rippleRemove",
      label: t("Ripple delete"),
      group,
      run: () => actions.remove(true),
      isEnabled: isSelected,
    },
    { id: "timeline.selectAll", label: t("Select all"), group, run: actions.selectAll },
    {
      id: "timeline.selectUnderPlayhead",
      label: t("Select the clip at the playhead"),
      group,
      run: actions.selectUnderPlayhead,
    },
    {
      id: "timeline.cancel",
      label: t("Cancel or deselect"),
      group,
      run: actions.cancel,
      isEnabled: () => !!state.drag || state.selection.length > 0,
    },
  ];
}

function clipCommands(actions: Actions, subtitles: SubtitleEdits): Command[] {
  const { state } = actions;
  const group = t("Clips");
  const isSelected = () => actions.items.length > 0;
  const nudge = (id: string, label: string, frames: number, up: number) => ({
    id,
    label,
    group,
    run: () => actions.nudge(frames, up),
    isEnabled: isSelected,
  });
  return [
    {
      id: "timeline.split",
      label: t("Split at the playhead"),
      group,
      run: actions.split,
    },
    {
      id: "timeline.openNested",
      label: t("Open nested timeline"),
      group,
      run: () => actions.openNested(actions.nestedIn(actions.items)),
      isEnabled: () => !!actions.nestedIn(actions.items),
    },
    {
      id: "timeline.closeNested",
      label: t("Close nested timeline"),
      group,
      run: () => actions.closeNested(state.timeline.path.length - 2),
      isEnabled: () => state.timeline.path.length > 1,
    },
    {
      id: "timeline.addTransition",
      label: t("Dissolve into the next clip"),
      group,
      run: () => actions.dissolve(actions.items[0] ?? ""),
      isEnabled: isSelected,
    },
    {
      id: "timeline.addSubtitle",
      label: t("Add subtitle"),
      group,
      run: () => subtitles.add(),
    },
    {
      id: "player.markClip",
      label: t("Set in and out around the clip"),
      group: t("In and out"),
      run: actions.markClip,
      isEnabled: () => actions.items.length > 0 || actions.underPlayhead().length > 0,
    },
    {
      id: "timeline.link",
      label: t("Link"),
      group,
      run: actions.link,
      isEnabled: () => actions.canLink,
    },
    nudge("timeline.nudgeLeft", t("Move left by a frame"), -1, 0),
    nudge("timeline.nudgeRight", t("Move right by a frame"), 1, 0),
    nudge("timeline.nudgeLeftMany", t("Move left by ten frames"), -10, 0),
    nudge("timeline.nudgeRightMany", t("Move right by ten frames"), 10, 0),
    nudge("timeline.moveUp", t("Move up by a track"), 0, 1),
    nudge("timeline.moveDown", t("Move down by a track"), 0, -1),
  ];
}

function trimCommands(actions: Actions): Command[] {
  const group = t("Trim");
  return [
    {
      id: "timeline.trimHead",
      label: t("Trim the start to the playhead"),
      group,
      run: () => actions.trimToPlayhead("head", "trim"),
    },
    {
      id: "timeline.trimTail",
      label: t("Trim the end to the playhead"),
      group,
      run: () => actions.trimToPlayhead("tail", "trim"),
    },
    {
      id: "timeline.rippleTrimHead",
      label: t("Ripple trim the start to the playhead"),
      group,
      run: () => actions.trimToPlayhead("head", "ripple"),
    },
    {
      id: "timeline.rippleTrimTail",
      label: t("Ripple trim the end to the playhead"),
      group,
      run: () => actions.trimToPlayhead("tail", "ripple"),
    },
  ];
}

function toolCommands(actions: Actions): Command[] {
  const names: readonly (readonly [Tool, string])[] = [
    ["select", t("Select and move")],
    ["blade", t("Blade")],
    ["ripple", t("Ripple trim")],
    ["roll", t("Roll the cut")],
    ["slip", t("Slip the media")],
    ["slide", t("Slide the clip")],
  ];
  return names.map(([tool, label]) => ({
    id: `tool.${tool}`,
    label,
    group: t("Tools"),
    run: () => actions.setTool(tool),
    isChecked: () => actions.state.tool === tool,
  }));
}

function viewCommands(actions: Actions): Command[] {
  const group = t("View");
  return [
    {
      id: "timeline.snap",
      label: t("Snap"),
      group,
      run: actions.toggleSnap,
      isChecked: () => actions.state.snaps,
    },
    { id: "timeline.zoomOut", label: t("Zoom out"), group, run: actions.zoomOut },
    { id: "timeline.zoomIn", label: t("Zoom in"), group, run: actions.zoomIn },
    { id: "timeline.fit", label: t("Zoom to fit"), group, run: actions.fit },
  ];
}

function playheadCommands(actions: Actions): Command[] {
  const group = t("Playback");
  const second = () => {
    const { num, den } = actions.state.timeline.rate;
    return Math.round(num / den);
  };
  const go = (id: string, label: string, run: () => void) => ({
    id,
    label,
    group,
    run,
  });
  return [
    go("player.previousFrame", t("Previous frame"), () => actions.step(-1)),
    go("player.nextFrame", t("Next frame"), () => actions.step(1)),
    go("player.backSecond", t("Back a second"), () => actions.step(-second())),
    go("player.forwardSecond", t("Forward a second"), () => actions.step(second())),
    go("player.toStart", t("To the start"), () => actions.playhead.move(0)),
    go("player.toEnd", t("To the end"), () =>
      actions.step(Number.MAX_SAFE_INTEGER / 2),
    ),
    go("timeline.previousEdge", t("Previous cut"), () => actions.toEdge(-1)),
    go("timeline.nextEdge", t("Next cut"), () => actions.toEdge(1)),
  ];
}
