"""Compiled code is kept for its owner, and runs only if its seal is right."""

import random
import stat
from pathlib import Path

import pytest
from plugins_factory import BODY, ECHO, compiled_in, wasm_of

from timeline_nb.wasm_plugins.compiled import CompiledModules
from timeline_nb.wasm_plugins.engine import CONFIG
from timeline_nb.wasm_plugins.levels import LEVELS
from timeline_nb.wasm_plugins.sandbox import Sandbox

WASM = wasm_of(BODY + ECHO)
SHA256 = "ab" * 32


def code(compiled: CompiledModules) -> bytes:
    return compiled.code_of(WASM, SHA256, "org.example.test")


def test_it_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compiled_in(tmp_path)
    first = code(compiled)
    sandbox = Sandbox(first, "test", LEVELS["minimal"])
    assert sandbox.call(b'{"a":1}') == b'{"a":1}'
    monkeypatch.setattr(CompiledModules, "_compile", lambda *_: b"compiled again")
    assert code(compiled_in(tmp_path)) == first


def test_only_the_owner_reads_and_writes_it(tmp_path: Path) -> None:
    code(compiled_in(tmp_path))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def flipped(data: bytes, places: list[int]) -> list[bytes]:
    return [
        data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :] for at in places
    ]


def test_code_that_was_changed_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = compiled_in(tmp_path)
    code(compiled)
    (path,) = (tmp_path / "cache").iterdir()
    data = path.read_bytes()
    monkeypatch.setattr(CompiledModules, "_compile", lambda *_: b"compiled again")
    places = [0, 31, 32, len(data) - 1, *random.Random(1).sample(range(len(data)), 40)]
    for changed in [*flipped(data, places), data[:-1], data[:32], b"", data + b"\0"]:
        path.write_bytes(changed)
        assert code(compiled) == b"compiled again"


def test_code_under_another_key_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code(compiled_in(tmp_path))
    (tmp_path / "keys" / "cache.key").write_bytes(b"k" * 32)
    monkeypatch.setattr(CompiledModules, "_compile", lambda *_: b"compiled again")
    assert code(compiled_in(tmp_path)) == b"compiled again"


def test_code_of_another_module_or_configuration_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from timeline_nb.wasm_plugins import compiled as module

    compiled = compiled_in(tmp_path)
    mine = code(compiled)
    (path,) = (tmp_path / "cache").iterdir()
    monkeypatch.setattr(CompiledModules, "_compile", lambda *_: b"compiled again")
    other = compiled.code_of(WASM, "cd" * 32, "org.example.test")
    assert other == b"compiled again"
    # A file that is sealed, under the name of another.
    (other_path,) = {*(tmp_path / "cache").iterdir()} - {path}
    other_path.write_bytes(path.read_bytes())
    assert compiled.code_of(WASM, "cd" * 32, "org.example.test") == b"compiled again"
    module._compiler.cache_clear()
    monkeypatch.setitem(CONFIG, "max_wasm_stack", 1 << 16)
    assert code(compiled) == b"compiled again" != mine
    module._compiler.cache_clear()


def test_without_a_cache_folder_it_still_runs(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    with pytest.warns(RuntimeWarning, match="cannot be written"):
        made = code(compiled_in(tmp_path))
    assert Sandbox(made, "test", LEVELS["minimal"]).call(b"{}") == b"{}"


def test_a_link_in_the_cache_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = compiled_in(tmp_path)
    code(compiled)
    (path,) = (tmp_path / "cache").iterdir()
    path.rename(tmp_path / "moved")
    path.symlink_to(tmp_path / "moved")
    monkeypatch.setattr(CompiledModules, "_compile", lambda *_: b"compiled again")
    assert code(compiled) == b"compiled again"
