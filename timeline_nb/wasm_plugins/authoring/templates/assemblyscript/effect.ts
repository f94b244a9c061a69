// A negative of a picture.
export { tnb_abi, tnb_alloc, tnb_free } from "./abi";

/**
 * `source` and `target` are width * height * 3 bytes: RGB, row by row. `values` are the
 * parameters, f64, in the order of manifest.json. Not 0 means that it failed.
 */
export function tnb_frame(
  effect: u32, source: usize, target: usize, width: u32, height: u32, values: usize, count: u32,
): i32 {
  if (effect != 0 || count != 1) return 1;
  // In 256ths, so that the loop has no floating point and is fast.
  const strength = <i32>(load<f64>(values) * 256 + 0.5);
  for (let i: u32 = 0; i < width * height * 3; i++) {
    const one = <i32>load<u8>(source + i);
    store<u8>(target + i, <u8>(one + (((255 - 2 * one) * strength + 128) >> 8)));
  }
  return 0;
}
