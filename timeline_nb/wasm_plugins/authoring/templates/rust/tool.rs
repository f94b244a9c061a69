//! A command that greets, and says so in the log.
mod abi;

fn hello(args: &str) -> String {
    let name = abi::unquoted(abi::member(args, "name"));
    abi::ask(&format!("{{\"call\":\"log\",\"text\":\"greeting {}\"}}", name));
    format!("{{\"text\":\"Hello, {}!\"}}", name)
}

/// `{"command": ..., "args": {...}}` in, an object out; `{"error": "..."}` is raised.
#[no_mangle]
pub extern "C" fn tnb_call(at: *const u8, size: usize) -> u64 {
    let request = abi::given(at, size);
    match abi::member(request, "command") {
        "\"hello\"" => abi::answer(&hello(abi::member(request, "args"))),
        _ => abi::answer("{\"error\":\"there is no such command\"}"),
    }
}
