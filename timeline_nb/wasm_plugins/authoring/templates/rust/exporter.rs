//! A file with the name of an edit.
mod abi;

/// `{"exporter": ..., "args": {...}, "edit": {...}, "file": {...}}` in, `{}` out.
#[no_mangle]
pub extern "C" fn tnb_call(at: *const u8, size: usize) -> u64 {
    let request = abi::given(at, size);
    let timeline = abi::member(abi::member(request, "edit"), "timeline");
    let name = abi::unquoted(abi::member(timeline, "name"));
    let handle = abi::member(abi::member(request, "file"), "handle");
    let reply = abi::ask(&format!(
        "{{\"call\":\"write\",\"handle\":{},\"text\":\"{}\\n\"}}",
        handle, name
    ));
    match abi::member(&reply, "error") {
        "" => abi::answer("{}"),
        _ => abi::answer("{\"error\":\"it cannot be written\"}"),
    }
}
