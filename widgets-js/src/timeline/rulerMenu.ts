/** The context menu of the ruler and its markers. */

import { t } from "../i18n";
import type { Commands } from "../ui/commands";
import type { Choice, MenuGroups } from "../ui/menu";
import { MARKER_COLORS } from "./markerColors";
import type { MarkerEdits } from "./markerEdits";

export function rulerChoices(
  marker: number,
  edits: MarkerEdits,
  commands: Commands,
): MenuGroups {
  const known = (...ids: string[]) =>
    ids.filter((id) => commands.has(id)).map((id) => commands.choice(id));
  const own = edits.markers[marker];
  const colors = MARKER_COLORS.map(
    ({ name, label }): Choice => ({
      label: label(),
      checked: own?.color === name,
      pick: () => void edits.set(marker, { color: name }),
    }),
  );
  const ofMarker = own
    ? [
        { label: t("Edit marker…"), pick: () => edits.open(marker) },
        { label: t("Color"), groups: [colors] },
        { label: t("Delete marker"), pick: () => void edits.remove(marker) },
      ]
    : [];
  return [
    ofMarker,
    known("markers.add", "markers.addRange", "markers.previous", "markers.next"),
    known("player.setIn", "player.setOut", "player.markClip", "player.clearInOut"),
    known("timeline.zoomIn", "timeline.zoomOut", "timeline.fit"),
  ];
}
