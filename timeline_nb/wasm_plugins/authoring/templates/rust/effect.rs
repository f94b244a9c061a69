//! A negative of a picture.
mod abi;

use std::slice;

/// `source` and `target` are width * height * 3 bytes: RGB, row by row. `values` are the
/// parameters in the order of manifest.json. Not 0 means that it failed.
///
/// # Safety
/// The host passes addresses of memory that it allocated for them.
#[no_mangle]
pub unsafe extern "C" fn tnb_frame(
    effect: u32, source: *const u8, target: *mut u8, width: usize, height: usize,
    values: *const f64, count: usize,
) -> i32 {
    if effect != 0 || count != 1 {
        return 1;
    }
    let from = slice::from_raw_parts(source, width * height * 3);
    let to = slice::from_raw_parts_mut(target, width * height * 3);
    // In 256ths, so that the loop has no floating point and is fast.
    let strength = (*values * 256.0 + 0.5) as i32;
    for (out, one) in to.iter_mut().zip(from) {
        let one = i32::from(*one);
        *out = (one + (((255 - 2 * one) * strength + 128) >> 8)) as u8;
    }
    0
}
