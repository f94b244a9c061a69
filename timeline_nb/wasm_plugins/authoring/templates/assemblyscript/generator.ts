// Stripes that move to the right.
export { tnb_abi, tnb_alloc, tnb_free } from "./abi";

/**
 * There are no pictures in `source`. `values` are the parameters, f64, in the order of
 * manifest.json; the host gives `time_s`, the seconds since the clip's start.
 */
export function tnb_frame(
  effect: u32, source: usize, target: usize, width: u32, height: u32, values: usize, count: u32,
): i32 {
  if (effect != 0 || count != 2) return 1;
  // A share of the height looks the same in a small preview and in the film.
  const size = load<f64>(values, 8) * height;
  const first = load<f64>(values) * size;
  for (let x: u32 = 0; x < width; x++) {
    const at = (x + 0.5 - first) / size;
    const gray: u8 = at - 2 * Math.floor(at / 2) < 1 ? 255 : 0;
    for (let y: u32 = 0; y < height; y++) memory.fill(target + (y * width + x) * 3, gray, 3);
  }
  return 0;
}
