/** Commands and choices of how the timeline is shown and behaves. */

import { t } from "../i18n";
import type { Command, Commands } from "../ui/commands";
import type { Choice, MenuGroups } from "../ui/menu";
import type { Actions } from "./actions";
import type { Clock } from "./clock";
import type { Follow } from "./follow";
import { heights } from "./headerMenu";
import type { State } from "./state";
import type { TrackEdits } from "./trackEdits";

export function addViewCommands(
  commands: Commands,
  actions: Actions,
  edits: TrackEdits,
  clock: Clock,
  focusTimeline: () => void,
): void {
  const { state } = actions;
  const tracks = (id: string, label: string, run: () => unknown): Command => ({
    id,
    label,
    group: t("Tracks"),
    run,
  });
  commands.add({
    id: "timeline.linkedSelection",
    label: t("Linked selection"),
    group: t("Edit"),
    run: () => {
      state.linkedSelection = !state.linkedSelection;
      actions.redraw();
    },
    isChecked: () => state.linkedSelection,
  });
  commands.add({
    id: "timeline.focus",
    label: t("Timeline"),
    group: t("Tracks"),
    run: focusTimeline,
  });
  commands.add({
    id: "timeline.goTo",
    label: t("Go to a timecode"),
    group: t("Playback"),
    run: clock.focus,
  });
  const { addVideo, addAudio, addSubtitle } = {
    addVideo: () => edits.add("video"),
    addAudio: () => edits.add("audio"),
    addSubtitle: () => edits.add("subtitle"),
  };
  commands.add(tracks("tracks.addVideo", t("Add video track"), addVideo));
  commands.add(tracks("tracks.addAudio", t("Add audio track"), addAudio));
  commands.add(tracks("tracks.addSubtitle", t("Add subtitle track"), addSubtitle));
  const preset = (size: "small" | "medium" | "large") => () =>
    edits.setPreset(edits.tracks, size);
  commands.add(tracks("tracks.small", t("All tracks small"), preset("small")));
  commands.add(tracks("tracks.medium", t("All tracks medium"), preset("medium")));
  commands.add(tracks("tracks.large", t("All tracks large"), preset("large")));
}

/** What the toolbar's menu always has. */
export function viewChoices(
  state: State,
  edits: TrackEdits,
  setFollow: (follow: Follow) => void,
): MenuGroups {
  const follow = (name: Follow, label: string): Choice => ({
    label,
    checked: state.follow === name,
    pick: () => setFollow(name),
  });
  const follows = [
    follow("page", t("By pages")),
    follow("smooth", t("Smoothly")),
    follow("off", t("Not at all")),
  ];
  return [
    [
      { label: t("Follow playback"), groups: [follows] },
      { label: t("Height of all tracks"), groups: [heights(edits, edits.tracks)] },
    ],
  ];
}
