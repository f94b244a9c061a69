/** What the modules that draw a timeline share. */

import type { InOut } from "../playhead";
import type { MarkerView, SettingsView } from "../protocol";
import type { Palette } from "../ui/theme";
import type { Drag, Drop, Ghost } from "./dragState";
import type { Scale } from "./geometry";
import type { Timeline } from "./model";
import type { Pictures } from "./pictures";

/** The state of a timeline view at the time of a drawing. */
export interface Scene {
  readonly timeline: Timeline;
  readonly scale: Scale;
  readonly tops: readonly number[];
  readonly scrollPx: number;
  readonly width: number;
  readonly height: number;
  readonly selection: ReadonlySet<string>;
  readonly hover: string;
  readonly ghosts: readonly Ghost[];
  readonly drag: Drag | undefined;
  readonly drop: Drop | undefined;
  readonly snapS: number | undefined;
  readonly bladeS: number | undefined;
  /** Left, top, width and height in canvas pixels. */
  readonly marquee: readonly [number, number, number, number] | undefined;
  readonly playheadS: number;
  readonly solo: ReadonlySet<string>;
  /** The markers as they are, or as they are being dragged. */
  readonly markers: readonly MarkerView[];
  /** The chosen marker's place among them, or -1. */
  readonly marker: number;
  readonly range: InOut;
  /** Where clips have pictures. */
  readonly thumbnails: SettingsView["thumbnails"];
}

/** The canvas that is drawn on, and what is drawn. */
export interface Painter {
  readonly context: CanvasRenderingContext2D;
  readonly scene: Scene;
  readonly pictures: Pictures;
  readonly palette: Palette;
}

/** How a clip is drawn. */
export interface ClipStyle {
  readonly isSelected: boolean;
  readonly isHovered: boolean;
  readonly isDimmed: boolean;
  readonly isGhost: boolean;
}

/** A rectangle in canvas pixels. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
