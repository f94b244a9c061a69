/** Change tracks: requests, and how they are shown. */

import { t } from "../i18n";
import { confirm } from "../ui/dialog";
import type { Actions } from "./actions";
import type { Track } from "./model";
import { HEIGHTS, type HeightPreset, withinHeights } from "./rows";
import type { TrackLook } from "./state";

export interface TrackChange {
  readonly enabled?: boolean;
  readonly locked?: boolean;
  readonly syncLock?: Track["syncLock"];
  readonly gainDb?: number;
}

export class TrackEdits {
  constructor(
    readonly actions: Actions,
    readonly host: HTMLElement,
  ) {}

  get tracks(): readonly Track[] {
    return this.actions.state.timeline.tracks;
  }

  set(track: string, change: TrackChange): Promise<boolean> {
    return this.actions.request({ kind: "setTrack", track, ...change });
  }

  async rename(track: string, name: string): Promise<void> {
    const wanted = name.trim();
    if (!wanted || wanted === track) return;
    const { state } = this.actions;
    if (await this.actions.request({ kind: "renameTrack", track, name: wanted })) {
      state.renameTrackLook(track, wanted);
      const solo = state.solo.map((other) => (other === track ? wanted : other));
      if (state.solo.includes(track)) state.setSolo(solo);
    }
  }

  add(type: Track["type"]): Promise<boolean> {
    return this.actions.request({ kind: "addTrack", type });
  }

  /** Remove a track, after a question if there is anything on it. */
  async remove(track: Track): Promise<void> {
    const isSure =
      !track.count ||
      (await confirm(this.host, {
        title: t("Delete track {name}?", { name: track.name }),
        text: t("What is on it is deleted as well. Undo brings it back."),
        action: t("Delete track"),
        isDanger: true,
      }));
    if (isSure) await this.actions.request({ kind: "removeTrack", track: track.name });
  }

  /** Put a track where another one of its type is; rows count down the screen. */
  async reorder(track: Track, toRow: number): Promise<void> {
    const same = this.tracks.filter(({ type }) => type === track.type);
    const target = this.tracks[toRow];
    if (!target || target.type !== track.type || target === track) return;
    const rows = same.map(({ name }) => name);
    const place = rows.indexOf(target.name);
    // Of tracks with pictures, the first is the lowest.
    const index = track.type === "video" ? rows.length - 1 - place : place;
    await this.actions.request({ kind: "moveTrack", track: track.name, index });
  }

  look(names: readonly string[], look: TrackLook, save = true): void {
    const changes = Object.fromEntries(names.map((name) => [name, look]));
    this.actions.state.setTrackLooks(changes, save);
    this.actions.redraw();
  }

  setHeight(names: readonly string[], heightPx: number, save = true): void {
    this.look(names, { heightPx: withinHeights(heightPx) }, save);
  }

  setPreset(tracks: readonly Track[], preset: HeightPreset): void {
    const changes = Object.fromEntries(
      tracks.map(({ name, type }) => [name, { heightPx: HEIGHTS[preset][type] }]),
    );
    this.actions.state.setTrackLooks(changes);
    this.actions.redraw();
  }

  /** Have media put on a track, and on no other of its type; or on none. */
  toggleTarget(track: Track): void {
    const { state } = this.actions;
    const isTarget = state.targetOf(track.type) === track.name;
    const same = this.tracks.filter(({ type }) => type === track.type);
    const changes = Object.fromEntries(
      same.map(({ name }) => [name, { target: name === track.name && !isTarget }]),
    );
    state.setTrackLooks(changes);
    this.actions.redraw();
  }

  toggleSolo({ name }: Track): void {
    const { state } = this.actions;
    const others = state.solo.filter((other) => other !== name);
    state.setSolo(state.solo.includes(name) ? others : [...others, name]);
    this.actions.redraw();
  }
}
