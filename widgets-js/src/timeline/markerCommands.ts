/** The commands of markers. */

import { t } from "../i18n";
import type { Commands } from "../ui/commands";
import type { MarkerEdits } from "./markerEdits";

export function addMarkerCommands(commands: Commands, edits: MarkerEdits): void {
  const group = t("Markers");
  const { playhead } = edits.actions;
  const hasCurrent = () => edits.current >= 0;
  const hasMarkers = () => edits.markers.length > 0;
  commands.add({
    id: "markers.add",
    label: t("Add marker"),
    group,
    run: () => edits.add(),
  });
  commands.add({
    id: "markers.addRange",
    label: t("Add marker from in to out"),
    group,
    run: edits.addRange,
    isEnabled: () =>
      playhead.range.inS !== undefined && playhead.range.outS !== undefined,
  });
  commands.add({
    id: "markers.edit",
    label: t("Edit marker…"),
    group,
    run: () => edits.open(edits.current),
    isEnabled: hasCurrent,
  });
  commands.add({
    id: "markers.remove",
    label: t("Delete marker"),
    group,
    run: () => edits.remove(edits.current),
    isEnabled: hasCurrent,
  });
  commands.add({
    id: "markers.previous",
    label: t("Previous marker"),
    group,
    run: () => edits.jump(-1),
    isEnabled: hasMarkers,
  });
  commands.add({
    id: "markers.next",
    label: t("Next marker"),
    group,
    run: () => edits.jump(1),
    isEnabled: hasMarkers,
  });
}
