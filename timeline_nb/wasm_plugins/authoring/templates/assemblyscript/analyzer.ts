// How bright each picture of a film is.
import { answer } from "./abi";
export { tnb_abi, tnb_alloc, tnb_free } from "./abi";

/**
 * `{"begin": ...}` before the first picture and `{"end": {}}` after the last one: both
 * may answer rows, too.
 */
export function tnb_call(at: usize, size: usize): u64 {
  return answer('{"rows":[]}');
}

/**
 * `source` is width * height * 3 bytes: RGB, row by row. The time in seconds is
 * numerator / denominator.
 */
export function tnb_picture(
  analyzer: u32, source: usize, width: u32, height: u32, frame: i64, numerator: i64, denominator: i64,
): u64 {
  const count = width * height * 3;
  let sum: u64 = 0;
  for (let i: u32 = 0; i < count; i++) sum += load<u8>(source + i);
  const mean = Math.round((<f64>sum / count) * 1000) / 1000;
  return answer('{"rows":[{"brightness":' + mean.toString() + "}]}");
}
