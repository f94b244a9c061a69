"""What code of plugins does, in a call, in a picture, and to the compiler."""

from collections.abc import Callable
from typing import Any

import numpy as np
from attacks.plugin_scene import (
    COPY,
    FRAME,
    LOOKS,
    Attack,
    Scene,
    called,
    plugin_of,
    prepared,
    short,
)
from attacks.plugins import HOSTILE, TOO_LONG, Hostile
from plugins_factory import ABI, BODY, MEMORY, wasm_of

from timeline_nb.wasm_plugins.levels import LEVELS
from timeline_nb.wasm_plugins.manifest import read_plugin

LIMIT_S = 0.3
PICTURE = np.full((48, 64, 3), 7, np.uint8)


def _hostile(name: str, one: Hostile) -> Attack:
    def run(_: Scene) -> object:
        with prepared(plugin_of(one.text, one.limits)) as plugin:
            return plugin.call("run")

    is_timed = one.message == TOO_LONG
    limit = f"{LIMIT_S} s" if is_timed else "an error that says so"
    return Attack(name, limit, run, one.message, LIMIT_S if is_timed else 0)


def _look(text: str, level: str = "minimal", seconds: float = 10) -> object:
    limits = short(seconds, level)
    fields: dict[str, Any] = {"effects": LOOKS, "commands": []}
    with prepared(plugin_of(BODY + FRAME + text, limits, **fields)) as plugin:
        return plugin.frame("look", [PICTURE]).ravel()[:8].tolist()


def _memory_bomb(_: Scene) -> object:
    grow = (
        "(loop $l (br_if $l (i32.ne (i32.const -1) (memory.grow (i32.const 1)))))"
        "(memory.fill (i32.const 0) (i32.const 1) (i32.shl (memory.size) "
        "(i32.const 16))) unreachable)"
    )
    return _look(grow)


def _memory_of_pictures(_: Scene) -> object:
    fill = (
        "(drop (memory.grow (i32.const 200)))"
        "(memory.fill (i32.const 600000) (i32.const 1) (i32.const 13000000))"
        + COPY
        + "i32.const 0)"
    )
    fields: dict[str, Any] = {"effects": LOOKS, "commands": []}
    with prepared(plugin_of(BODY + FRAME + fill, **fields)) as plugin:
        for _picture in range(60):
            plugin.frame("look", [PICTURE])
    return "60 pictures"


def _table_bomb(_: Scene) -> object:
    # It grows as far as it can, then it says how far: -1 is no size.
    text = (
        "(table $t 1 funcref)"
        + BODY
        + called(
            "(loop $l (br_if $l (i32.ne (i32.const -1) "
            "(table.grow $t (ref.null func) (i32.const 100)))))"
            "(if (i32.gt_u (table.size $t) (i32.const 10000)) (then (return "
            "(i64.const 0)))) unreachable"
        )
    )
    with prepared(plugin_of(text)) as plugin:
        return plugin.call("run")


def _fill_1_gib(_: Scene) -> object:
    # One instruction, in which no clock is seen.
    fill = (
        "(drop (memory.grow (i32.const 16000)))"
        "(loop $l (memory.fill (i32.const 600000) (i32.const 1) "
        "(i32.const 1040000000)) (br $l)) i32.const 0)"
    )
    return _look(fill, "full", LIMIT_S)


def _compiled(wasm: bytes) -> Callable[[Scene], object]:
    def run(scene: Scene) -> object:
        return len(scene.compile(wasm))

    return run


def _large_function(megabytes: float) -> bytes:
    """A module of one function that adds numbers for so many megabytes."""
    step = b"\x41\x01\x6a"
    body = b"\x00\x41\x00" + step * int(megabytes * 1e6 / 3) + b"\x1a\x0b"
    return _module(body)


def _module(body: bytes) -> bytes:
    code = b"\x01" + _number(len(body)) + body
    return (
        b"\0asm\x01\0\0\0"
        + _section(1, b"\x01\x60\x00\x00")
        + _section(3, b"\x01\x00")
        + _section(10, code)
    )


def _section(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + _number(len(body)) + body


def _number(value: int) -> bytes:
    """LEB128, as the binary format has numbers."""
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def _many_locals() -> bytes:
    # 50,000 locals, the most that are allowed, and a loop that uses some.
    body = b"\x01" + _number(50_000) + b"\x7f" + b"\x20\x00\x21\x01" * 200_000 + b"\x0b"
    return _module(body)


def _many_branches() -> bytes:
    count = 600_000
    body = b"\x00\x02\x40\x41\x00\x0e" + _number(count) + bytes(count + 1) + b"\x0b\x0b"
    return _module(body)


def _deep_blocks() -> bytes:
    return _module(b"\x00" + b"\x02\x40" * 300_000 + b"\x0b" * 300_001)


def _read(wasm: bytes) -> Callable[[Scene], object]:
    def run(scene: Scene) -> object:
        return read_plugin(scene.written(wasm)).manifest.id

    return run


def _many_imports(count: int) -> bytes:
    one = b"\x01a\x01b\x00\x00"
    imports = _section(2, _number(count) + one * count)
    return b"\0asm\x01\0\0\0" + _section(1, b"\x01\x60\x00\x00") + imports


def _one_place(_: Scene) -> object:
    # All that is allocated lies at one odd place: pictures and parameters overlap.
    text = (
        ABI
        + MEMORY
        + '(func (export "tnb_alloc") (param i32) (result i32) i32.const 4097)'
        + FRAME
        + COPY
        + "i32.const 0)"
    )
    with prepared(plugin_of(text, effects=LOOKS, commands=[])) as plugin:
        return plugin.frame("look", [PICTURE]).shape


CODE = [
    *(_hostile(name, one) for name, one in HOSTILE.items()),
    Attack("memory bomb in a picture", "16 MiB and four pictures", _memory_bomb,
           "stopped itself"),
    Attack("60 pictures of 13 MB of memory each", "one instance at a time",
           _memory_of_pictures, None, most_bytes=128 << 20),
    Attack("table that grows", "10,000 entries", _table_bomb, "stopped itself"),
    Attack("1 GiB filled in one instruction (level full)", f"{LIMIT_S} s", _fill_1_gib,
           TOO_LONG, LIMIT_S, most_bytes=1200 << 20),
    Attack("all results at one odd address", "its own picture is wrong", _one_place,
           None),
    Attack("data outside the memory", "refused when it begins",
           lambda _: plugin_of(
               BODY + called("") + '(data (i32.const 600000000) "x")'
           ).call("run"), "outside"),
    Attack("calls an entry that is empty", "an error that says so",
           lambda _: plugin_of(
               "(table 1 funcref)" + BODY + "(type $f (func))"
               + called("(call_indirect (type $f) (i32.const 0))")
           ).call("run"), "indirect call to null"),
]  # fmt: skip
MODULES = [
    Attack("function of 6 MB", "2 MiB", _read(_large_function(6)), "2,097,152"),
    Attack("function of 2 MB", "20 s, 1 GiB, in a process", _compiled(
        _large_function(1.95)), None),
    Attack("50,000 locals", "20 s, 1 GiB, in a process", _compiled(_many_locals()),
           None),
    Attack("600,000 branches", "20 s, 1 GiB, in a process", _compiled(
        _many_branches()), "cannot be compiled"),
    Attack("300,000 nested blocks", "20 s, 1 GiB, in a process", _compiled(
        _deep_blocks()), None),
    Attack("17 imports", "16", _read(_many_imports(17)), "17 imports"),
    Attack("100,000 imports", "16", _read(_many_imports(100_000)), "100,000 imports"),
    Attack("10,001 globals", "10,000",
           _read(wasm_of(BODY + "(global i32 (i32.const 0))" * 10_001)), "globals"),
    Attack("memory of another module", "no imports but one",
           _read(wasm_of('(import "env" "memory" (memory 1))' + ABI)), "env.memory"),
]  # fmt: skip
assert LEVELS["full"].memory_bytes == 1 << 30
