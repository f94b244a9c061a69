//! A wipe from the left to the right.
mod abi;

use std::slice;

/// `source` holds two pictures of width * height * 3 bytes, one after the other: what is
/// left, and what comes. The parameter is how far the transition has come, from 0 to 1.
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
    let size = width * height * 3;
    let both = slice::from_raw_parts(source, size * 2);
    let to = slice::from_raw_parts_mut(target, size);
    let shown = (*values * width as f64 + 0.5) as usize * 3;
    for (at, out) in to.iter_mut().enumerate() {
        *out = if at % (width * 3) < shown { both[size + at] } else { both[at] };
    }
    0
}
