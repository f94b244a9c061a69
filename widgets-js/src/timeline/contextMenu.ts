/** The context menu of the timeline: what can be done to what the pointer is on. */

import { t } from "../i18n";
import type { Commands } from "../ui/commands";
import type { Choice, MenuGroups } from "../ui/menu";
import type { Actions } from "./actions";
import { removeChoice } from "./headerMenu";
import type { Hit } from "./hit";
import { CLIP, linkedTo } from "./model";
import { TrackEdits } from "./trackEdits";

/** The choices at a place, in groups; dialogs open over `host`. */
export function choicesAt(
  hit: Hit,
  actions: Actions,
  commands: Commands,
  host: HTMLElement,
): MenuGroups {
  const { state } = actions;
  const track = state.timeline.tracks[hit.row];
  const isClip = !!track && hit.item >= 0 && track.kind(hit.item) === CLIP;
  const item = track?.ids[hit.item] ?? "";
  const ids = (...names: string[]) => names.map((id) => commands.choice(id));
  const edits = ids(
    "timeline.cut",
    "timeline.copy",
    "timeline.paste",
    "timeline.duplicate",
    "timeline.remove",
    "timeline.rippleRemove",
  );
  const nested = actions.nestedIn([item]) ? ids("timeline.openNested") : [];
  const cuts: Choice[] = [
    ...nested,
    ...ids("timeline.split"),
    {
      label: t("Dissolve into the next clip"),
      keys: commands.keysOf("timeline.addTransition"),
      disabled: !isClip || track?.type !== "video",
      pick: () => actions.dissolve(item),
    },
    ...ids("timeline.link"),
    {
      label: t("Unlink"),
      disabled: !isClip || !linkedTo(state.timeline, hit).length,
      pick: () => actions.request({ kind: "unlink", item }),
    },
  ];
  const tracks: Choice[] = [
    ...ids(
      "markers.add",
      "timeline.addSubtitle",
      "tracks.addVideo",
      "tracks.addAudio",
      "tracks.addSubtitle",
    ),
    removeChoice(track, new TrackEdits(actions, host)),
  ];
  return [edits, cuts, tracks];
}
