//! How bright each picture of a film is.
mod abi;

use std::slice;

/// `{"begin": ...}` before the first picture and `{"end": {}}` after the last one: both
/// may answer rows, too.
#[no_mangle]
pub extern "C" fn tnb_call(_at: *const u8, _size: usize) -> u64 {
    abi::answer("{\"rows\":[]}")
}

/// `source` is width * height * 3 bytes: RGB, row by row. The time in seconds is
/// numerator / denominator.
///
/// # Safety
/// The host passes the address of memory that it allocated for the picture.
#[no_mangle]
pub unsafe extern "C" fn tnb_picture(
    _analyzer: u32, source: *const u8, width: usize, height: usize,
    _frame: i64, _numerator: i64, _denominator: i64,
) -> u64 {
    let bytes = slice::from_raw_parts(source, width * height * 3);
    let sum: u64 = bytes.iter().map(|one| u64::from(*one)).sum();
    let mean = sum as f64 / bytes.len() as f64;
    abi::answer(&format!("{{\"rows\":[{{\"brightness\":{:.3}}}]}}", mean))
}
