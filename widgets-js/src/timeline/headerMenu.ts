/** The context menu of a track's header. */

import { t } from "../i18n";
import type { Choice, MenuGroups } from "../ui/menu";
import { syncLocks } from "./header";
import type { Track } from "./model";
import type { HeightPreset } from "./rows";
import type { TrackEdits } from "./trackEdits";

const ZOOMS = [1, 2, 4, 8];

export function headerChoices(
  track: Track,
  edits: TrackEdits,
  rename: () => void,
): MenuGroups {
  const { state } = edits.actions;
  const { name, type } = track;
  const isAudio = type === "audio";
  const same = edits.tracks.filter((other) => other.type === type);
  const toggles: Choice[] = [
    {
      label: t("Lock"),
      checked: track.locked,
      pick: () => void edits.set(name, { locked: !track.locked }),
    },
    {
      label: isAudio ? t("Mute") : t("Hide"),
      checked: !track.enabled,
      pick: () => void edits.set(name, { enabled: !track.enabled }),
    },
  ];
  if (type !== "subtitle") {
    toggles.unshift({
      label: t("Insert media here"),
      checked: state.targetOf(type) === name,
      pick: () => edits.toggleTarget(track),
    });
    if (state.hasSolo)
      toggles.push({
        label: t("Solo"),
        checked: state.solo.includes(name),
        pick: () => edits.toggleSolo(track),
      });
  }
  const shown: Exclude<MenuGroups[number][number], Choice>[] = [
    { label: t("Height of this track"), groups: [heights(edits, [track])] },
    { label: t("Height of all tracks"), groups: [heights(edits, edits.tracks)] },
  ];
  const syncs = syncLocks().map(
    ([syncLock, label]): Choice => ({
      label,
      checked: track.syncLock === syncLock,
      pick: () => void edits.set(name, { syncLock }),
    }),
  );
  shown.unshift({ label: t("Sync lock"), groups: [syncs] });
  if (isAudio) {
    shown.push({ label: t("Waveform zoom"), groups: [waveZooms(edits, track)] });
  }
  return [
    [
      { label: t("Rename…"), keys: "F2", pick: rename },
      {
        label: t("Move up"),
        disabled: same[0] === track,
        pick: () => void edits.reorder(track, edits.tracks.indexOf(track) - 1),
      },
      {
        label: t("Move down"),
        disabled: same.at(-1) === track,
        pick: () => void edits.reorder(track, edits.tracks.indexOf(track) + 1),
      },
    ],
    toggles,
    shown,
    [...addChoices(edits), removeChoice(track, edits)],
  ];
}

/** Delete a track; disabled where there is none. */
export function removeChoice(track: Track | undefined, edits: TrackEdits): Choice {
  return {
    label: t("Delete track"),
    disabled: !track,
    pick: () => track && void edits.remove(track),
  };
}

export function addChoices(edits: TrackEdits): Choice[] {
  return [
    { label: t("Add video track"), pick: () => void edits.add("video") },
    { label: t("Add audio track"), pick: () => void edits.add("audio") },
    { label: t("Add subtitle track"), pick: () => void edits.add("subtitle") },
  ];
}

export function heights(edits: TrackEdits, tracks: readonly Track[]): Choice[] {
  const choice = (preset: HeightPreset, label: string): Choice => ({
    label,
    pick: () => edits.setPreset(tracks, preset),
  });
  return [
    choice("small", t("Small")),
    choice("medium", t("Medium")),
    choice("large", t("Large")),
  ];
}

function waveZooms(edits: TrackEdits, track: Track): Choice[] {
  return ZOOMS.map((waveZoom) => ({
    label: `${waveZoom}×`,
    checked: track.waveZoom === waveZoom,
    pick: () => edits.look([track.name], { waveZoom }),
  }));
}
