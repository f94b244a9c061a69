//! Stripes that move to the right.
mod abi;

use std::slice;

/// There are no pictures in `source`. `values` are the parameters in the order of
/// manifest.json; the host gives `time_s`, the seconds since the clip's start.
///
/// # Safety
/// The host passes addresses of memory that it allocated for them.
#[no_mangle]
pub unsafe extern "C" fn tnb_frame(
    effect: u32, _source: *const u8, target: *mut u8, width: usize, height: usize,
    values: *const f64, count: usize,
) -> i32 {
    if effect != 0 || count != 2 {
        return 1;
    }
    let values = slice::from_raw_parts(values, count);
    let to = slice::from_raw_parts_mut(target, width * height * 3);
    // A share of the height looks the same in a small preview and in the film.
    let size = values[1] * height as f64;
    let first = values[0] * size;
    for (at, pixel) in to.chunks_exact_mut(3).enumerate() {
        let place = ((at % width) as f64 + 0.5 - first) / size;
        let is_white = place - 2.0 * (place / 2.0).floor() < 1.0;
        pixel.fill(if is_white { 255 } else { 0 });
    }
    0
}
