/** What is dragged out of a bin: a browser hides it from what it is dragged over. */

import type { RequestBody } from "./channel";

/** The type of a media item of the bin while it is dragged; its data is the path. */
export const MEDIA = "application/x-timeline-nb-media";

export type PlaceMode = "insert" | "overwrite";

/** Where media would go. */
export interface DropPlace {
  readonly mode: PlaceMode;
  readonly atS: number;
  readonly track: string | undefined;
  /** Below all tracks: on a track that is made for it. */
  readonly onNewTrack: boolean;
}

export interface DraggedMedia {
  readonly name: string;
  /** How long it is on the timeline; undefined if that is not known. */
  readonly durationS?: number | undefined;
  /** The request that places it; a track of the other type is not used. */
  request(place: DropPlace): RequestBody;
}

let current: DraggedMedia | undefined;

/** Begin a drag of media: the timeline shows where it would lie. */
export function startMediaDrag(event: DragEvent, media: DraggedMedia): void {
  current = media;
  event.dataTransfer?.setData(MEDIA, media.name);
  if (event.dataTransfer) event.dataTransfer.effectAllowed = "copyMove";
  const end = () => {
    if (current === media) current = undefined;
  };
  event.target?.addEventListener("dragend", end, { once: true });
}

/** The media that is being dragged in this page. */
export function draggedMedia(): DraggedMedia | undefined {
  return current;
}

/** The name of the event of files that are dropped from elsewhere. */
export const FOREIGN_DROP = "tnb-foreign-drop";

/** What is dropped on a timeline from the system or from JupyterLab's files. */
export interface ForeignDrop extends DropPlace {
  readonly transfer: DataTransfer;
}

interface PlaceFields extends Omit<DropPlace, "track"> {
  readonly track?: string;
}

/** The fields of a request that say where media go. */
export function placeFields({ track, onNewTrack, mode, atS }: DropPlace): PlaceFields {
  return { mode, atS, onNewTrack, ...(track && !onNewTrack ? { track } : {}) };
}

const FOREIGN = ["Files", "application/x-jupyter-icontents"];

export function isForeign(transfer: DataTransfer): boolean {
  return FOREIGN.some((type) => transfer.types.includes(type));
}
