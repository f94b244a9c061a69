import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from plugins_factory import BODY, ECHO, manifest_of, read, wasm_of, written

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.dependencies import satisfies, start_order
from timeline_nb.wasm_plugins.manifest import SECTION, PluginManifest, read_plugin
from timeline_nb.wasm_plugins.module_file import read_module

WASM = wasm_of(BODY + ECHO)


def section(name: str, data: bytes) -> bytes:
    """A custom section: WebAssembly specification, 5.5.3."""
    body = bytes([len(name)]) + name.encode() + data
    size = len(body)
    return bytes([0, size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14]) + body


def test_a_manifest_beside_the_module_is_read(tmp_path: Path) -> None:
    file = read_plugin(written(tmp_path, WASM, permissions=["network:*.Example.com"]))
    assert file.wasm == WASM
    assert file.manifest.id == "org.example.test"
    assert [str(one) for one in file.manifest.asked] == ["network:*.example.com"]


def test_a_manifest_within_the_module_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plugin.wasm"
    manifest = json.dumps(manifest_of(WASM, sha256="")).encode()
    path.write_bytes(WASM + section(SECTION, manifest))
    file = read_plugin(path)
    assert file.manifest.commands[0].name == "run"
    assert len(file.manifest.sha256) == 64


def test_a_module_without_a_manifest_is_no_plugin(tmp_path: Path) -> None:
    path = tmp_path / "plugin.wasm"
    path.write_bytes(WASM)
    with pytest.raises(PluginError, match=r"plugin\.wasm .* no manifest"):
        read_plugin(path)


def test_the_values_of_a_schema_may_have_line_breaks() -> None:
    args = {"properties": {"text": {"type": "string", "default": "a\nb"}}}
    manifest = read(WASM, commands=[{"name": "run", "args": args}])
    assert manifest.commands[0].args == args


def analyzer(**fields: Any) -> dict[str, Any]:
    return {"analyzers": [{"name": "a", "columns": [{"name": "mean"}], **fields}]}


@pytest.mark.parametrize("of", ["picture", "sound"])
def test_an_analyzer_has_the_function_that_measures(tmp_path: Path, of: str) -> None:
    offers = analyzer(of=of)
    wasm = wasm_of(BODY + ECHO)
    with pytest.raises(PluginError, match=f"exports no function 'tnb_{of}'"):
        read_plugin(written(tmp_path, wasm, **offers))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": "Test"}, "id"),
        ({"id": "test"}, "id"),
        ({"id": "../../etc.x"}, "id"),
        ({"version": "1.0"}, "version"),
        ({"abi": 2}, "made for version 2"),
        ({"license": ""}, "license"),
        ({"types": ["virus"]}, "types"),
        ({"types": []}, "types"),
        ({"surprise": 1}, "surprise"),
        ({"permissions": ["root:all"]}, r"permissions\[0\].*no permission"),
        ({"permissions": ["network:https://x.com"]}, "leave out https"),
        ({"events": ["everything"]}, "events"),
        ({"commands": [{"name": "a"}, {"name": "a"}]}, "two of the name 'a'"),
        ({"commands": [{"name": "a", "args": {"$ref": "#"}}]}, r"args.*\$ref"),
        ({"commands": [{"name": "a", "args": {"type": "array"}}]}, "an object"),
        ({"commands": [{"name": "a b"}]}, "commands"),
        ({"commands": [{"name": f"c{n}"} for n in range(101)]}, "commands"),
        ({"requires": {"org.example.test": "1.0.0"}}, "itself"),
        ({"name": "a\u202eb"}, "name: .*cannot be seen"),
        ({"about": "Safe.\n  may nothing"}, "about: .*cannot be seen"),
        ({"license": "MIT), limits: minimal\n"}, "license: .*cannot be seen"),
        ({"version": "1.0.0\n"}, "version: .*cannot be seen"),
        ({"id": "org.example.test\n"}, "id: .*cannot be seen"),
        ({"permissions": ["read:/\x1b[8m"]}, r"permissions\[0\]: .*cannot be seen"),
        ({"permissions": ["read:/a\u2066"]}, r"permissions\[0\]: .*cannot be seen"),
        (
            {"commands": [{"name": "a", "args": {"properties": {"a\u200fb": {}}}}]},
            r"commands\[0\]\.args\.properties: a name in it .*cannot be seen",
        ),
        (analyzer(columns=[]), r"analyzers\[0\]\.columns"),
        (analyzer(columns=[{"name": "pts"}]), r"columns\[0\]: 'pts' is a column of"),
        (analyzer(columns=[{"name": "score", "type": "text"}]), "of the type number"),
        (analyzer(columns=[{"name": "a"}] * 2), "two of the name 'a'"),
        (analyzer(args={"properties": {"every": {}}}), "the name 'every' is taken"),
        (analyzer(args={"properties": {"a": {"format": "file"}}}), "reads none"),
        ({"importers": [{"name": "a", "suffixes": []}]}, "importers"),
        ({"importers": [{"name": "a", "suffixes": [".EDL"]}]}, "importers"),
        (
            {
                "exporters": [
                    {
                        "name": "a",
                        "suffixes": [".edl"],
                        "args": {"properties": {"path": {}}},
                    }
                ]
            },
            r"exporters\[0\]\.args: the name 'path' is taken",
        ),
        (
            {"effects": [{"name": "e", "parameters": [{"name": "p", "default": 9}]}]},
            r"effects\[0\]\.p: low, default and high",
        ),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(PluginError, match=message):
        read(WASM, **fields)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a WebAssembly module"),
        (b"PK\3\4", "not a WebAssembly module"),
        (b"\0asm\x0d\0\x01\0", "component"),
        (WASM[:-5], "damaged"),
        (b"\0asm\1\0\0\0" + b"\0\x80\x80\x80\x80\x80\x01", "damaged"),
        (b"\0asm\1\0\0\0" + b"\0\x02\x01x" * 201, "more than 200 sections"),
    ],
)
def test_what_is_no_module_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(PluginError, match=message):
        read_module(data)


def test_each_prefix_of_a_module_is_refused_or_has_fewer_sections() -> None:
    for size in range(len(WASM)):
        try:
            facts = read_module(WASM[:size])
        except PluginError:
            continue
        assert len(facts.exports) <= 4


def test_a_deep_manifest_is_refused() -> None:
    from timeline_nb.wasm_plugins.manifest import read_manifest

    with pytest.raises(PluginError, match="manifest"):
        read_manifest(b'{"commands": ' + b"[" * 100_000)


def named(name: str, version: str = "1.0.0", **requires: str) -> PluginManifest:
    manifest = read(WASM)
    ids = {f"x.{key}": value for key, value in requires.items()}
    return msgspec.structs.replace(
        manifest, id=f"x.{name}", version=version, requires=ids
    )


def installed(*manifests: PluginManifest) -> dict[str, PluginManifest]:
    return {one.id: one for one in manifests}


def test_what_is_required_starts_first() -> None:
    plugins = installed(
        named("a", b="1.0.0", c="1.0.0"), named("b", c="1.0.0"), named("c"), named("d")
    )
    assert [one.id for one in start_order(["x.a"], plugins)] == ["x.c", "x.b", "x.a"]


def test_a_circle_is_named() -> None:
    plugins = installed(
        named("a", b="1.0.0"), named("b", c="1.0.0"), named("c", a="1.0.0")
    )
    with pytest.raises(PluginError, match="in a circle: ") as caught:
        start_order(["x.a"], plugins)
    circle = str(caught.value).partition(": ")[2].split(" requires ")
    assert circle[0] == circle[-1]
    requires = {"x.a": "x.b", "x.b": "x.c", "x.c": "x.a"}
    assert all(requires[one] == two for one, two in pairwise(circle))


def test_what_is_missing_or_too_old_is_named() -> None:
    with pytest.raises(PluginError, match=r"x\.a requires x\.b 1\.2\.0, which is not"):
        start_order(["x.a"], installed(named("a", b="1.2.0")))
    with pytest.raises(PluginError, match=r"requires x\.b 1\.2\.0, and 1\.1\.9 is"):
        start_order(["x.a"], installed(named("a", b="1.2.0"), named("b", "1.1.9")))
    with pytest.raises(PluginError, match=r"did you mean 'x\.blur'"):
        start_order(["x.blurr"], installed(named("blur")))


@pytest.mark.parametrize(
    ("version", "least", "is_enough"),
    [
        ("1.2.0", "1.2.0", True),
        ("1.10.0", "1.9.0", True),
        ("1.1.9", "1.2.0", False),
        ("2.0.0", "1.0.0", False),
    ],
)
def test_versions_are_numbers(version: str, least: str, *, is_enough: bool) -> None:
    assert satisfies(version, least) is is_enough
