// A wipe from the left to the right.
export { tnb_abi, tnb_alloc, tnb_free } from "./abi";

/**
 * `source` holds two pictures of width * height * 3 bytes, one after the other: what is
 * left, and what comes. The parameter is how far the transition has come, from 0 to 1.
 */
export function tnb_frame(
  effect: u32, source: usize, target: usize, width: u32, height: u32, values: usize, count: u32,
): i32 {
  if (effect != 0 || count != 1) return 1;
  const row = width * 3;
  const next = source + row * height;
  const shown = <u32>(load<f64>(values) * width + 0.5) * 3;
  for (let y: u32 = 0; y < height; y++) {
    const at = y * row;
    memory.copy(target + at, next + at, shown);
    memory.copy(target + at + shown, source + at + shown, row - shown);
  }
  return 0;
}
