//! The plugin's side of the interface; `timeline-nb plugins abi` prints all of it.
#![allow(dead_code)]

use std::alloc::{alloc, dealloc, Layout};
use std::slice;

const HEAD: usize = 16;

#[link(wasm_import_module = "timeline_nb")]
extern "C" {
    fn host_call(at: *const u8, size: usize) -> u64;
}

#[no_mangle]
pub extern "C" fn tnb_abi() -> i32 {
    1
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEAD)?, HEAD).ok()
}

/// Memory for the host; its size lies before it. 0 if there is none.
#[no_mangle]
pub extern "C" fn tnb_alloc(size: usize) -> *mut u8 {
    let wanted = match layout(size) {
        Some(one) => one,
        None => return std::ptr::null_mut(),
    };
    unsafe {
        let at = alloc(wanted);
        if at.is_null() {
            return at;
        }
        *(at as *mut usize) = size;
        at.add(HEAD)
    }
}

/// # Safety
/// `at` was returned by `tnb_alloc`.
#[no_mangle]
pub unsafe extern "C" fn tnb_free(at: *mut u8) {
    if at.is_null() {
        return;
    }
    let start = at.sub(HEAD);
    if let Some(one) = layout(*(start as *const usize)) {
        dealloc(start, one);
    }
}

/// The text at an address.
pub fn given<'a>(at: *const u8, size: usize) -> &'a str {
    std::str::from_utf8(unsafe { slice::from_raw_parts(at, size) }).unwrap_or("")
}

/// What a function answers: the host frees it.
pub fn answer(text: &str) -> u64 {
    let at = tnb_alloc(text.len());
    unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), at, text.len()) };
    ((at as u64) << 32) | text.len() as u64
}

/// Ask the host: `{"call": ...}` in, an object out.
pub fn ask(request: &str) -> String {
    unsafe {
        let packed = host_call(request.as_ptr(), request.len());
        let at = (packed >> 32) as usize as *mut u8;
        let text = given(at, packed as u32 as usize).to_string();
        tnb_free(at);
        text
    }
}

/// Where a value of JSON ends.
fn end_of_value(json: &str) -> usize {
    let (mut depth, mut is_text, mut is_escaped) = (0, false, false);
    for (at, one) in json.bytes().enumerate() {
        if is_text {
            match (is_escaped, one) {
                (true, _) => is_escaped = false,
                (_, b'\\') => is_escaped = true,
                (_, b'"') => is_text = false,
                _ => {}
            }
            continue;
        }
        match one {
            b'"' => is_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            b',' | b':' | b'}' | b']' if depth == 0 => return at,
            _ => {}
        }
    }
    json.len()
}

/// A member of an object, as JSON; empty if there is none.
pub fn member<'a>(object: &'a str, name: &str) -> &'a str {
    let mut rest = object.get(1..).unwrap_or("");
    while rest[end_of_value(rest)..].starts_with(':') {
        let key = &rest[..end_of_value(rest)];
        let value = &rest[key.len() + 1..];
        let end = end_of_value(value);
        if unquoted(key.trim()) == name {
            return value[..end].trim();
        }
        rest = value.get(end + 1..).unwrap_or("");
    }
    ""
}

/// What stands between the quotes of a text, with its escapes.
pub fn unquoted(json: &str) -> &str {
    json.get(1..json.len().max(2) - 1).unwrap_or("")
}
