"""The process in which a module of a stranger is compiled.

It reads the module from the standard input, and writes the compiled code, or nothing
and the reason as the last line of the standard error.
"""

import sys

__all__: list[str] = []


def _main() -> int:
    from timeline_nb.wasm_plugins.engine import new_engine, wasmtime

    wt = wasmtime()
    wasm = sys.stdin.buffer.read()
    try:
        code = bytes(wt.Module(new_engine().raw, wasm).serialize())
    except wt.WasmtimeError as error:
        sys.stderr.write(" ".join(str(error).split())[:300])
        return 1
    sys.stdout.buffer.write(code)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
