/** A layer of 160 by 90 pixels at 80, 45 of a picture of 640 by 360, for tests. */

import type { StageLayer, StageText } from "../protocol";
import { UNIT } from "./geometry";

export const LAYER: StageLayer = {
  item: "c2",
  name: "patch",
  track: "V2",
  type: "clip",
  locked: false,
  matrix: [160, 0, 80, 0, 90, 45],
  corners: [
    [80, 45],
    [240, 45],
    [240, 135],
    [80, 135],
  ],
  place: [160, 90],
  scale: 0.5,
  rotationDeg: 0,
  crop: [0, 0, 0, 0],
  pin: UNIT,
  takesEffects: true,
  text: null,
};

export const TEXT: StageText = {
  text: "Text",
  font: "",
  size: 0.1,
  bold: false,
  italic: false,
  underline: false,
  color: "#ffffff",
  align: "center",
  matrix: [1, 0, 0, 0, 1, 0],
  boxPx: [160, 90],
  lettersPx: 36,
  linePx: 44,
  highPx: 44,
  padPx: 4,
  wrapPx: 152,
};
