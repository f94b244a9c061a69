"""Each hostile module is stopped, and its neighbors go on."""

import _thread
import gc
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacks.plugins import HOSTILE, LIMITS, SHORT, called
from attacks.scripts import run_script
from plugins_factory import (
    ABI,
    ALLOC,
    BODY,
    ECHO,
    MEMORY,
    answering,
    code_of,
    compiled_in,
    read,
    wasm_of,
    written,
)
from states import until

from timeline_nb.core.worker_threads import threads_left_behind
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.compiled import CompiledModules, CompileLimits
from timeline_nb.wasm_plugins.levels import LEVELS, Limits
from timeline_nb.wasm_plugins.manifest import read_plugin
from timeline_nb.wasm_plugins.plugin import Plugin

LOOKS = [{"name": "look"}]
EFFECT: dict[str, Any] = {"effects": LOOKS, "commands": []}
FRAME = (
    '(func (export "tnb_frame") (param $e i32) (param $in i32) (param $out i32) '
    "(param $w i32) (param $h i32) (param $p i32) (param $n i32) (result i32) "
)
COPY = (
    "(memory.copy (local.get $out) (local.get $in) (i32.mul (i32.const 3) "
    "(i32.mul (local.get $w) (local.get $h))))"
)


def plugin_of(text: str, limits: Limits = LIMITS, **fields: Any) -> Plugin:
    wasm = wasm_of(text)
    return Plugin(read(wasm, **fields), lambda: code_of(wasm), limits=limits)


def picture(height: int = 90, width: int = 160) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


def test_memory_ends_at_the_limit_of_the_level_and_four_pictures() -> None:
    grow = (
        "(loop $l (br_if $l (i32.ne (i32.const -1) (memory.grow (i32.const 1)))))"
        "(i32.store (local.get $out) (memory.size)) i32.const 0)"
    )
    shown = plugin_of(BODY + FRAME + grow, **EFFECT).frame("look", [picture()])
    # (16 MiB + 4 * 160 * 90 * 3 bytes) / 64 KiB = 258.6.
    assert int.from_bytes(shown.tobytes()[:4], "little") == 258


def test_an_effect_that_loops_or_crashes_is_named_and_others_go_on() -> None:
    looping = plugin_of(
        BODY + FRAME + "(loop $l (br $l)) i32.const 0)", SHORT, **EFFECT
    )
    good = plugin_of(BODY + FRAME + COPY + "i32.const 0)", **EFFECT)
    shown = picture()
    with pytest.raises(PluginError, match=r"org\.example\.test .* longer than 0\.3 s"):
        looping.frame("look", [shown])
    assert np.array_equal(good.frame("look", [shown]), shown)


def test_an_effect_may_grow_its_memory_while_a_picture_is_in_it() -> None:
    grow = "(drop (memory.grow (i32.const 100)))"
    plugin = plugin_of(BODY + FRAME + grow + COPY + "i32.const 0)", **EFFECT)
    shown = picture()
    assert np.array_equal(plugin.frame("look", [shown]), shown)


def test_a_picture_is_not_of_the_memory_that_the_plugin_goes_on_using() -> None:
    plugin = plugin_of(BODY + FRAME + COPY + "i32.const 0)", **EFFECT)
    first = plugin.frame("look", [picture()])
    plugin.frame("look", [255 - picture()])
    assert np.array_equal(first, picture())


def test_an_effect_remembers_nothing_of_pictures_before() -> None:
    count = (
        "(global $seen (mut i32) (i32.const 0))"
        + FRAME
        + "(global.set $seen (i32.add (global.get $seen) (i32.const 1)))"
        "(i32.store8 (local.get $out) (global.get $seen))"
        "(i32.store8 (i32.const 99) (i32.add (i32.load8_u (i32.const 99)) "
        "(i32.const 1)))"
        "(i32.store8 (i32.add (local.get $out) (i32.const 1)) "
        "(i32.load8_u (i32.const 99))) i32.const 0)"
    )
    plugin = plugin_of(BODY + count, **EFFECT)
    for _ in range(3):
        assert plugin.frame("look", [picture()])[0, 0, :2].tolist() == [1, 1]


def test_an_effect_calls_no_host() -> None:
    from plugins_factory import HOST

    asks = FRAME + "(drop (call $host (i32.const 0) (i32.const 0))) i32.const 0)"
    plugin = plugin_of(HOST + BODY + asks, **EFFECT)
    with pytest.raises(PluginError, match="from where it may not"):
        plugin.frame("look", [picture()])


def test_not_a_number_has_the_same_bits_everywhere() -> None:
    # A NaN with a payload, 0x7fa12345, times 1: the payload would depend on the
    # processor. The canonical one is 0x7fc00000 (WebAssembly specification, 4.3.3).
    nan = (
        "(i32.store (local.get $out) (i32.reinterpret_f32 (f32.mul "
        "(f32.reinterpret_i32 (i32.const 0x7fa12345)) (f32.load (local.get $in)))))"
        "i32.const 0)"
    )
    one = np.frombuffer(np.float32(1).tobytes() * 3, np.uint8).reshape(1, 4, 3)
    out = plugin_of(BODY + FRAME + nan, **EFFECT).frame("look", [one])
    assert out.tobytes()[:4] == bytes([0, 0, 0xC0, 0x7F])


def test_a_picture_too_large_for_the_level_is_refused() -> None:
    hungry = (
        FRAME + "(if (i32.eqz (call $alloc (i32.const 0x7ffffff0))) "
        "(then (return (i32.const 7)))) i32.const 0)"
    )
    with pytest.raises(PluginError, match="failed with the code 7"):
        plugin_of(BODY + hungry, **EFFECT).frame("look", [picture()])


def test_a_4k_picture_has_room_at_the_lowest_level() -> None:
    plugin = plugin_of(BODY + FRAME + COPY + "i32.const 0)", **EFFECT)
    assert LIMITS.memory_bytes == LEVELS["minimal"].memory_bytes
    shown = picture(2160, 3840)
    assert np.array_equal(plugin.frame("look", [shown]), shown)


def test_time_limits_do_not_end_a_call_before_its_time() -> None:
    # How late it ends is printed by `tests/bench/plugins.py`.
    began = time.monotonic()
    with pytest.raises(PluginError):
        plugin_of(HOSTILE["endless loop"].text, SHORT).call("run")
    assert time.monotonic() - began >= SHORT.seconds


def test_after_three_failures_it_is_not_called_again() -> None:
    plugin = plugin_of(BODY + called("unreachable"))
    for _ in range(3):
        with pytest.raises(PluginError, match="stopped itself"):
            plugin.call("run")
    assert plugin.state == "error"
    with pytest.raises(PluginError, match=r"not called any more.*stopped itself"):
        plugin.call("run")
    plugin.start()
    with pytest.raises(PluginError, match="was stopped"):
        plugin.call("run")


def test_a_crash_leaves_nothing_of_its_memory() -> None:
    # It counts its calls, and crashes in the first.
    text = (
        '(global $n (mut i32) (i32.const 0)) (data (i32.const 1024) "{\\"n\\":0}")'
        '(func (export "tnb_call") (param i32 i32) (result i64)'
        "(global.set $n (i32.add (global.get $n) (i32.const 1)))"
        "(if (i32.eqz (i32.load8_u (local.get 0))) (then unreachable))"
        "(i32.store8 (i32.const 1029) (i32.add (i32.const 48) (global.get $n)))"
        "(if (i32.eq (global.get $n) (i32.const 3)) (then unreachable))"
        f"i64.const {(1024 << 32) | 7})"
    )
    plugin = plugin_of(BODY + text)
    assert [plugin.call("run")["n"] for _ in range(2)] == [1, 2]
    with pytest.raises(PluginError):
        plugin.call("run")
    assert plugin.call("run")["n"] == 1


def test_an_interrupt_of_the_main_thread_ends_a_call() -> None:
    wasm = wasm_of(BODY + called("(loop $l (br $l))"))
    plugin = Plugin(read(wasm), lambda: code_of(wasm), limits=LEVELS["full"])
    plugin.start()
    before = set(threads_left_behind())
    # Without it, the call would end after 300 s, with an error of its own.
    timer = threading.Timer(0.3, _thread.interrupt_main)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - it may come at once
        timer.start()
        plugin.call("run")
    assert set(threads_left_behind()) <= before


def test_a_check_that_raises_ends_a_call() -> None:
    wasm = wasm_of(BODY + called("(loop $l (br $l))"))
    plugin = Plugin(read(wasm), lambda: code_of(wasm), limits=LEVELS["full"])

    def check() -> None:
        raise InterruptedError

    before = set(threads_left_behind())
    with pytest.raises(InterruptedError):
        plugin.call("run", check=check)
    assert set(threads_left_behind()) <= before


def test_a_stopped_plugin_is_freed() -> None:
    plugin = plugin_of(BODY + FRAME + COPY + "i32.const 0)" + ECHO, effects=LOOKS)
    plugin.call("run")
    plugin.frame("look", [picture()])
    sandboxes = [*map(weakref.ref, [plugin._commands, *plugin._idle])]
    assert len(sandboxes) == 2
    plugin.stop()
    gc.collect()
    assert [one() for one in sandboxes] == [None, None]


def test_a_program_ends_without_a_word(tmp_path: Path) -> None:
    path = written(tmp_path / "download", wasm_of(BODY + ECHO))
    ended = run_script(ENDING, tmp_path, tmp_path, path, limit_s=200)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


ENDING = """
import sys
from pathlib import Path
from timeline_nb.wasm_plugins.plugins import Plugins

folder = Path(sys.argv[1])
plugins = Plugins(folder / "plugins", folder / "cache")
plugins.install(sys.argv[2])
plugins.call("org.example.test", "run")
"""


def _call(
    plugin: Plugin, errors: list[str], check: Callable[[], object] | None = None
) -> None:
    try:
        plugin.call("run", check=check)
    except PluginError as error:
        errors.append(str(error))


def test_stopping_ends_what_runs() -> None:
    wasm = wasm_of(BODY + called("(loop $l (br $l))"))
    plugin = Plugin(read(wasm), lambda: code_of(wasm), limits=LEVELS["full"])
    plugin.start()
    errors: list[str] = []
    begun = threading.Event()
    thread = threading.Thread(target=_call, args=(plugin, errors, begun.set))
    thread.start()
    assert begun.wait(120)
    plugin.stop()
    thread.join(120)
    assert errors == ["the plugin org.example.test was stopped: it was interrupted"]
    assert plugin.state == "stopped"
    with pytest.raises(PluginError, match="is stopped"):
        plugin.call("run")


def test_more_calls_than_may_wait_are_refused() -> None:
    plugin = plugin_of(HOSTILE["endless loop"].text, replace(LIMITS, seconds=300))
    plugin.start()
    errors: list[str] = []
    threads = [threading.Thread(target=_call, args=(plugin, errors)) for _ in range(8)]
    for thread in threads:
        thread.start()
    # Five may run or wait, which takes as long as it takes.
    until(lambda: len(errors) == 3)
    assert all("calls wait" in one for one in errors)
    plugin.stop()
    for thread in threads:
        thread.join(120)
    assert len(errors) == 8
    assert not any("calls wait" in one for one in errors[3:])


def test_10_000_events_a_second_do_not_wait_and_most_are_dropped() -> None:
    plugin = plugin_of(BODY + ECHO, events=["timeline_changed"])
    sent = sum(plugin.post("timeline_changed", {"n": n}) for n in range(10_000))
    assert not plugin.post("render_started")
    # Ten a second are allowed, and the loop takes no minute.
    assert 1 <= sent < 600
    assert plugin.dropped_events == 10_000 - sent


def test_two_plugins_that_fail_at_once_have_each_its_own_error() -> None:
    # wasmtime keeps one exception for the process: none of ours may go through it.
    asking = plugin_of(HOSTILE["recursion through the host"].text)
    crashing = plugin_of(HOSTILE["divides by zero"].text)
    seen: dict[str, set[str]] = {"asking": set(), "crashing": set()}

    def fail(plugin: Plugin, name: str) -> None:
        for _ in range(200):
            try:
                plugin.start()
                plugin.call("run")
            except PluginError as error:
                seen[name].add(str(error).rpartition(": ")[2])

    threads = [
        threading.Thread(target=fail, args=one)
        for one in ((asking, "asking"), (crashing, "crashing"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert "its memory functions call the host" in seen["asking"]
    assert "integer division by zero" in seen["crashing"]
    assert not seen["asking"] & {"integer division by zero"}
    assert not seen["crashing"] & {"its memory functions call the host"}


def test_a_module_of_6_mb_is_not_read_to_its_end(tmp_path: Path) -> None:
    wasm = wasm_of(BODY)
    # A module padded to 6 MB by a custom section is refused by its size alone.
    size = 6 << 20
    number = bytes([0x80 | size & 0x7F, 0x80 | size >> 7 & 0x7F])
    number += bytes([0x80 | size >> 14 & 0x7F, size >> 21])
    large = wasm + b"\0" + number + b"\x01x" + bytes(size - 2)
    with pytest.raises(PluginError, match="larger than 2,097,152"):
        read_plugin(written(tmp_path, large))


def test_compiling_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    compiled = CompiledModules(
        tmp_path, tmp_path / "key", CompileLimits(time_s=0.001, memory_bytes=1 << 30)
    )
    with pytest.raises(PluginError, match=r"longer than 0\.001 s"):
        compiled.code_of(wasm_of(BODY), "0" * 64, "org.example.test")


def test_compiling_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    compiled = CompiledModules(
        tmp_path, tmp_path / "key", CompileLimits(memory_bytes=1 << 20)
    )
    with pytest.raises(PluginError, match="more than 1 MiB"):
        compiled.code_of(wasm_of(BODY), "0" * 64, "org.example.test")


def test_what_is_no_valid_module_is_refused_when_it_is_compiled(tmp_path: Path) -> None:
    # A function that returns nothing where it must return a number.
    bad = bytes.fromhex("0061736d01000000010501600 0017f".replace(" ", "") + "03020100")
    bad += bytes.fromhex("0a0401020 00b".replace(" ", ""))
    with pytest.raises(PluginError, match="cannot be compiled"):
        compiled_in(tmp_path).code_of(bad, "0" * 64, "org.example.test")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '(import "wasi_snapshot_preview1" "fd_write" (func (param i32)))' + BODY,
            "imports wasi_snapshot_preview1.fd_write",
        ),
        ('(import "env" "memory" (memory 1))' + ABI, "imports env.memory"),
        (BODY + "".join(f"(global i32 (i32.const {n}))" for n in range(10_001)),
         "10,002 globals"),
        (BODY + "(table 1 funcref)" * 5, "5 tables"),
        (BODY + "(memory 1)", "2 memories"),
        (MEMORY + ALLOC, "exports no function 'tnb_abi'"),
        (BODY, "exports no function 'tnb_call'"),
    ],
)  # fmt: skip
def test_what_a_module_states_is_refused_before_it_is_compiled(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(PluginError, match=message):
        read_plugin(written(tmp_path, wasm_of(text)))


def test_a_plugin_that_lies_in_its_manifest_is_refused(tmp_path: Path) -> None:
    wasm = wasm_of(BODY + answering("{}"))
    other = wasm_of(BODY + ECHO)
    path = written(tmp_path, wasm)
    path.write_bytes(other)
    with pytest.raises(PluginError, match="made for another module"):
        read_plugin(path)
