"""Plugins written by hand in WebAssembly's text, with their manifests."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import wasmtime

from timeline_nb.wasm_plugins.compiled import CompiledModules
from timeline_nb.wasm_plugins.levels import Limits
from timeline_nb.wasm_plugins.manifest import PluginManifest, read_manifest
from timeline_nb.wasm_plugins.plugin import Plugin

# The least that a plugin exports; memory grows to fit what is allocated.
ABI = '(func (export "tnb_abi") (result i32) i32.const 1)'
MEMORY = '(memory (export "memory") 9)'
ALLOC = """
(global $top (mut i32) (i32.const 524288))
(func $alloc (export "tnb_alloc") (param $n i32) (result i32) (local $at i32)
  (local.set $at (global.get $top))
  (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get $n))
    (i32.const 15)) (i32.const -16)))
  (loop $more
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
      (then
        (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1))
          (then
            (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1))
              (then (return (i32.const 0))))))
        (br $more))))
  (local.get $at))
"""
HOST = """
(import "timeline_nb" "host_call" (func $host (param i32 i32) (result i64)))
"""
BODY = ABI + MEMORY + ALLOC
# Answers with what it was sent.
ECHO = """
(func (export "tnb_call") (param $at i32) (param $n i32) (result i64)
  (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
    (i64.extend_i32_u (local.get $n))))
"""
# Effects on bytes: 0 adds a number to each; 1 fades from a picture to the next; 2 fills
# with tenths of the time and the number; 3 sets opacity to a number; 4 stops itself;
# 5 never ends; 6 adds the seed's lowest byte. `$value` is the first parameter, `$extra`
# the second.
EFFECTS = """
(func $spin (loop $again (br $again)))
(func (export "tnb_frame") (param $effect i32) (param $in i32) (param $out i32)
    (param $w i32) (param $h i32) (param $values i32) (param $count i32) (result i32)
  (local $at i32) (local $size i32) (local $value f64) (local $extra f64)
  (local $byte f64)
  (local.set $size (i32.mul (i32.mul (local.get $w) (local.get $h)) (i32.const 3)))
  (if (i32.eq (local.get $effect) (i32.const 3)) (then (local.set $size
    (i32.mul (i32.mul (local.get $w) (local.get $h)) (i32.const 4)))))
  (if (i32.eq (local.get $effect) (i32.const 4)) (then unreachable))
  (if (i32.eq (local.get $effect) (i32.const 5)) (then (call $spin)))
  (if (i32.gt_s (local.get $count) (i32.const 0))
    (then (local.set $value (f64.load (local.get $values)))))
  (if (i32.gt_s (local.get $count) (i32.const 1))
    (then (local.set $extra (f64.load (i32.add (local.get $values) (i32.const 8))))))
  (loop $more
    (local.set $byte (f64.convert_i32_u
      (i32.load8_u (i32.add (local.get $in) (local.get $at)))))
    (if (i32.eqz (local.get $effect))
      (then (local.set $byte (f64.add (local.get $byte) (local.get $value)))))
    (if (i32.eq (local.get $effect) (i32.const 1))
      (then (local.set $byte (f64.add (f64.mul (local.get $byte)
          (f64.sub (f64.const 1) (local.get $value)))
        (f64.mul (local.get $value) (f64.convert_i32_u (i32.load8_u
          (i32.add (i32.add (local.get $in) (local.get $size)) (local.get $at)))))))))
    (if (i32.eq (local.get $effect) (i32.const 2))
      (then (local.set $byte (f64.add (f64.mul (local.get $value) (f64.const 10))
        (local.get $extra)))))
    (if (i32.and (i32.eq (local.get $effect) (i32.const 3))
        (i32.eq (i32.and (local.get $at) (i32.const 3)) (i32.const 3)))
      (then (local.set $byte (local.get $value))))
    (if (i32.eq (local.get $effect) (i32.const 6))
      (then (local.set $byte (f64.convert_i32_u (i32.and (i32.trunc_sat_f64_u
        (local.get $value)) (i32.const 255))))))
    (i32.store8 (i32.add (local.get $out) (local.get $at))
      (i32.trunc_sat_f64_u (f64.min (f64.const 255) (f64.nearest (local.get $byte)))))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (br_if $more (i32.lt_u (local.get $at) (local.get $size))))
  i32.const 0)
"""
_AMOUNT = {"name": "amount", "default": 40, "high": 255, "about": "How much."}
EFFECT_ENTRIES: list[dict[str, Any]] = [
    {"name": "brighten", "about": "Brighten the shadows.", "parameters": [_AMOUNT]},
    {
        "name": "fade",
        "inputs": 2,
        "about": "Fade to the next picture.",
        "parameters": [{"name": "progress"}],
    },
    {
        "name": "clock",
        "inputs": 0,
        "about": "Fill with the time.",
        "parameters": [{"name": "time_s"}, {**_AMOUNT, "default": 0}],
    },
    {"name": "veil", "pixels": "rgba", "parameters": [_AMOUNT]},
    {"name": "crash"},
    {"name": "hang"},
    {"name": "tint", "parameters": [{"name": "seed"}]},
]
ANYTHING = {"additionalProperties": True}


def wasm_of(text: str) -> bytes:
    """A module of the text of its parts."""
    return bytes(wasmtime.wat2wasm(f"(module {text})"))


def answering(answer: str | bytes) -> str:
    """A `tnb_call` that always answers the same."""
    data = answer.encode() if isinstance(answer, str) else answer
    escaped = "".join(f"\\{byte:02x}" for byte in data)
    return (
        f'(data (i32.const 1024) "{escaped}") (func (export "tnb_call") '
        f"(param i32 i32) (result i64) i64.const {(1024 << 32) | len(data)})"
    )


def picturing(answer: str, body: str = "") -> str:
    """An analyzer of pictures that always answers the same, and `{}` to messages."""
    data = answer.encode()
    escaped = "".join(f"\\{byte:02x}" for byte in data)
    return (
        answering("{}")
        + f'(data (i32.const 8192) "{escaped}") (func (export "tnb_picture") '
        "(param i32 i32 i32 i32 i64 i64 i64) (result i64) "
        f"{body} i64.const {(8192 << 32) | len(data)})"
    )


# Passes each command's argument `request` on to the host, and answers what it answers:
# with these, a test says in Python what a plugin asks for.
ASKING = (
    HOST
    + BODY
    + """
(func (export "tnb_call") (param $at i32) (param $n i32) (result i64)
  (call $host
    (i32.add (local.get $at) (i32.const PREFIX))
    (i32.sub (local.get $n) (i32.const SUFFIX))))
""".replace("PREFIX", str(len('{"command":"ask","args":{"request":'))).replace(
        "SUFFIX", str(len('{"command":"ask","args":{"request":}}'))
    )
)
ASK = {
    "name": "ask",
    "args": {"properties": {"request": {"type": "object"}}},
}


def manifest_of(wasm: bytes, **fields: Any) -> dict[str, Any]:
    """The manifest of a module, as it is written."""
    return {
        "id": "org.example.test",
        "version": "1.0.0",
        "abi": 1,
        "license": "Apache-2.0",
        "types": ["tool"],
        "sha256": hashlib.sha256(wasm).hexdigest(),
        "commands": [{"name": "run", "args": ANYTHING}],
        **fields,
    }


def read(wasm: bytes, **fields: Any) -> PluginManifest:
    return read_manifest(json.dumps(manifest_of(wasm, **fields)).encode())


def written(folder: Path, wasm: bytes, **fields: Any) -> Path:
    """A plugin's module in a folder, with its manifest beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = manifest_of(wasm, **fields)
    path = folder / f"{manifest['id']}.wasm"
    path.write_bytes(wasm)
    path.with_suffix(".json").write_text(json.dumps(manifest))
    return path


def asking(request: str) -> str:
    """A plugin that makes one host call in each call, and answers what it was told."""
    escaped = "".join(f"\\{byte:02x}" for byte in request.encode())
    return (
        HOST + BODY + f'(data (i32.const 1024) "{escaped}") (func (export "tnb_call") '
        "(param i32 i32) (result i64) "
        f"(call $host (i32.const 1024) (i32.const {len(request.encode())})))"
    )


class OnePlugin:
    """A plugin in memory, in place of those that are installed.

    Args:
        text: In WebAssembly's text.
        limits: What it may take; those of its level if not given.
        fields: Of its manifest.
    """

    def __init__(self, text: str, limits: Limits | None = None, **fields: Any) -> None:
        wasm = wasm_of(text)
        self._manifest = read(wasm, **fields)
        self.own = Plugin(self._manifest, lambda: code_of(wasm), limits=limits)

    def manifests(self, name: str = "") -> dict[str, PluginManifest]:
        own = self._manifest
        return {own.id: own} if name in {"", own.id} else {}

    def plugin(self, name: str) -> Plugin:
        assert name == self._manifest.id
        return self.own


@cache
def code_of(wasm: bytes) -> bytes:
    """Compiled code, of this process: a test of compiling has its own."""
    from timeline_nb.wasm_plugins.engine import new_engine

    return bytes(wasmtime.Module(new_engine().raw, wasm).serialize())


def compiled_in(folder: Path) -> CompiledModules:
    return CompiledModules(folder / "cache", folder / "keys" / "cache.key")


def effects_plugin(folder: Path, more: str = "", **fields: Any) -> Path:
    """A plugin of simple effects, which are computed by hand in tests.

    Args:
        folder: Where it is written.
        more: WebAssembly's text, which makes it another module.
        fields: Of the manifest.
    """
    given = {
        "id": "org.example.test",
        "types": ["effect"],
        "commands": [],
        "effects": EFFECT_ENTRIES,
        "name": "Test effects",
        **fields,
    }
    return written(folder, wasm_of(BODY + EFFECTS + more), **given)


def panelled(*items: Any, title: str = "A panel") -> str:
    """A plugin whose panel has these items, and at last what it was called with.

    By the first letter of a command: `panel`, `say`, `ask` (and be refused), `fail`,
    `loop`; other ones, and events, are shown in the panel as they came, with `'` for
    `"`. An event has the panel asked for again.
    """
    shown = json.dumps({"title": title, "items": [*items, {"kind": "text"}]})
    # Without the end of the last item and of the panel: the text comes there.
    texts = {
        1024: shown[:-3] + ', "text": "',
        100_000: '"}]}',
        101_000: '{"call":"message","text":"hello"}',
        102_000: '{"call":"system"}',
        103_000: '{"call":"panel"}',
        104_000: '{"error":"no way"}',
        105_000: "{}",
    }
    data = "".join(
        f'(data (i32.const {at}) "{_escaped(text)}")' for at, text in texts.items()
    )
    size = {at: len(text.encode()) for at, text in texts.items()}

    def host(at: int) -> str:
        return f"(drop (call $host (i32.const {at}) (i32.const {size[at]})))"

    def answer(at: int) -> str:
        return f"(return (i64.const {(at << 32) | size[at]}))"

    def on(letter: str, *then: str) -> str:
        is_it = f"(i32.eq (local.get $letter) (i32.const {ord(letter)}))"
        return f"(if {is_it} (then {' '.join(then)}))"

    copy = """
      (memory.copy (i32.const 262144) (i32.const 1024) (i32.const HEAD))
      (memory.copy (i32.const MIDDLE) (i32.const 200000) (global.get $saved))
      (memory.copy (i32.add (i32.const MIDDLE) (global.get $saved))
        (i32.const 100000) (i32.const 4))
      (return (i64.or (i64.const START)
        (i64.extend_i32_u (i32.add (global.get $saved) (i32.const WHOLE)))))
    """
    for name, value in {
        "HEAD": size[1024],
        "MIDDLE": 262_144 + size[1024],
        "START": 262_144 << 32,
        "WHOLE": size[1024] + 4,
    }.items():
        copy = copy.replace(name, str(value))
    return (
        HOST
        + BODY
        + data
        + f"""
    (global $saved (mut i32) (i32.const 0))
    (func $save (param $at i32) (param $n i32) (local $i i32) (local $byte i32)
      (global.set $saved (local.get $n))
      (loop $next
        (local.set $byte (i32.load8_u (i32.add (local.get $at) (local.get $i))))
        (if (i32.eq (local.get $byte) (i32.const 34))
          (then (local.set $byte (i32.const 39))))
        (if (i32.eq (local.get $byte) (i32.const 92))
          (then (local.set $byte (i32.const 47))))
        (i32.store8 (i32.add (i32.const 200000) (local.get $i)) (local.get $byte))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (local.get $n)))))
    (func (export "tnb_call") (param $at i32) (param $n i32) (result i64)
      (local $letter i32)
      (if (i32.eq (i32.load8_u offset=2 (local.get $at)) (i32.const {ord("e")}))
        (then (call $save (local.get $at) (local.get $n)) {host(103_000)}
          {answer(105_000)}))
      (local.set $letter (i32.load8_u offset={len('{"command":"')} (local.get $at)))
      {on("p", copy)}
      {on("s", host(101_000), answer(105_000))}
      {on("a", host(102_000), answer(105_000))}
      {on("f", answer(104_000))}
      {on("l", "(loop $forever (br $forever))")}
      (call $save (local.get $at) (local.get $n))
      {answer(105_000)})
    """
    )


PANEL_COMMANDS = [
    {"name": name, "args": ANYTHING}
    for name in ("panel", "say", "ask", "fail", "loop", "run")
]


def _escaped(text: str) -> str:
    return "".join(f"\\{byte:02x}" for byte in text.encode())
