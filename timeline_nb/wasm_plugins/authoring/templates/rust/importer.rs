//! An edit without clips, of a file whose first line is its name.
mod abi;

/// The first line of the file, with the escapes of JSON; empty if it cannot be read.
fn first_line(handle: &str) -> String {
    let reply = abi::ask(&format!("{{\"call\":\"read\",\"text\":true,\"handle\":{}}}", handle));
    let words = abi::unquoted(abi::member(&reply, "text"));
    words.split("\\n").next().unwrap_or("").to_string()
}

/// `{"importer": ..., "args": {...}, "file": {...}}` in, a project's document out.
#[no_mangle]
pub extern "C" fn tnb_call(at: *const u8, size: usize) -> u64 {
    let file = abi::member(abi::given(at, size), "file");
    let name = first_line(abi::member(file, "handle"));
    if name.is_empty() {
        return abi::answer("{\"error\":\"its first line is no name\"}");
    }
    abi::answer(&format!(
        "{{\"edit\":{{\"format\":\"timeline_nb.project\",\"version\":1,\"timeline\":\
         {{\"name\":\"{}\",\"rate\":\"25\",\"size\":[1920,1080]}}}}}}",
        name
    ))
}
