"""The page on the interface of plugins says what the code does, and nothing else.

Names come from the code's types, and are looked for on the page; each example of JSON
on the page is read, sent or answered by the code.
"""

import json
import os
import re
import typing
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import pytest
from plugins_factory import BODY, ECHO, code_of, wasm_of

from timeline_nb.core import event_types
from timeline_nb.errors import PluginError
from timeline_nb.recognition.analyzers import Stream
from timeline_nb.timeline.formats import ExportRequest, ImportRequest
from timeline_nb.wasm_plugins import (
    analyzers,
    formats,
    manifest,
    messages,
    network,
    offers,
    panels,
    schema,
)
from timeline_nb.wasm_plugins.authoring.examples import Examples
from timeline_nb.wasm_plugins.authoring.interface_page import interface_page
from timeline_nb.wasm_plugins.denials import Denials
from timeline_nb.wasm_plugins.host import HostCalls
from timeline_nb.wasm_plugins.host_requests import (
    FileRange,
    HostRequest,
    HttpRequest,
    host_request,
)
from timeline_nb.wasm_plugins.host_services import PluginCall, Services
from timeline_nb.wasm_plugins.levels import LEVELS
from timeline_nb.wasm_plugins.permissions import (
    Permission,
    PermissionKind,
    parse_permission,
)
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.plugin_store import PluginStore
from timeline_nb.wasm_plugins.sandbox import Sandbox
from timeline_nb.wasm_plugins.web_body import ANSWER_BYTES

PAGE = interface_page()
PACKAGE = Path(manifest.__file__).parent
# The first second of 2026.
NEW_YEAR_NS = 1_767_225_600 * 10**9
CALLS = {one.__struct_config__.tag: one for one in typing.get_args(HostRequest)}


def section(title: str) -> str:
    """What stands under a heading, up to the next one."""
    found = re.search(
        rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
    assert found, title
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of a table, without its head."""
    # A bar within a cell is written \|.
    lines = [one for one in text.splitlines() if one.startswith("|")][2:]
    return [[c.strip() for c in re.split(r"(?<!\\)\|", one)[1:-1]] for one in lines]


def first_names(text: str) -> list[str]:
    return [row[0].strip("`") for row in rows(text)]


def examples(kind: str) -> list[bytes]:
    """The examples of JSON of a kind."""
    return [
        one.encode()
        for one in re.findall(rf"```json {kind}\n(.*?)```", PAGE, re.DOTALL)
    ]


def the_manifest() -> manifest.PluginManifest:
    (text,) = examples("manifest")
    return manifest.read_manifest(text)


def test_each_example_is_of_a_kind_that_is_tested() -> None:
    kinds = set(re.findall(r"```json(.*)", PAGE))
    tested = "manifest answer command event importer exporter analyzer rows denied "
    tested += "request reply panel tests"
    assert {one.strip() for one in kinds} == set(tested.split())


def test_all_exports_are_there() -> None:
    sources = [path.read_text() for path in PACKAGE.glob("*.py")]
    written = re.findall(r"\btnb_[a-z]+", "\n".join(sources))
    on_page = [
        re.findall(r"tnb_[a-z]+", name) for name in first_names(section("Exports"))
    ]
    assert {one for many in on_page for one in many} == {*written}
    assert f"version {manifest.ABI}" in PAGE.splitlines()[0]


def test_the_import_is_there() -> None:
    assert "`{}.{}(".format(*manifest.IMPORT[:2]) in section("Import")


@pytest.mark.parametrize(
    ("title", "struct"),
    [
        ("Fields of the manifest", manifest.PluginManifest),
        ("Fields of a command", offers.PluginCommand),
        ("Fields of an effect", offers.PluginEffect),
        ("Fields of a parameter", offers.PluginParameter),
        ("Fields of an analyzer", offers.PluginAnalyzer),
        ("Fields of a column", offers.PluginColumn),
        ("Fields of an importer or exporter", offers.PluginFormat),
    ],
)
def test_all_fields_of_the_manifest_are_there(title: str, struct: Any) -> None:
    assert set(first_names(section(title))) == set(struct.__struct_fields__)


def test_the_manifest_has_each_field_and_can_be_read() -> None:
    (text,) = examples("manifest")
    stated = json.loads(text)
    assert set(stated) == set(manifest.PluginManifest.__struct_fields__)
    given = [one for effect in stated["effects"] for one in effect["parameters"]]
    assert {name for one in given for name in one} == set(
        offers.PluginParameter.__struct_fields__
    )
    read = the_manifest()
    assert [one.inputs for one in read.effects] == [1, 2, 0]
    kinds = typing.get_args(manifest.PluginType)
    assert set(kinds) <= set(re.findall(r"`(\w+)`", section("Fields of the manifest")))


def test_all_words_of_the_schema_are_there() -> None:
    words = section("JSON Schema of arguments")
    for word in (*schema._WORDS, *schema._TYPES):
        assert f"`{word}`" in words


def test_what_the_host_gives_effects_is_there() -> None:
    titles = {0: "generators", 1: "effects", 2: "transitions"}
    table = {row[0].strip("`"): row[1] for row in rows(
        section("Effects, transitions and generators"))}  # fmt: skip
    for inputs, names in offers.GIVEN.items():
        stated = {name for name, of in table.items() if titles[inputs] in of}
        assert stated == names


def test_all_events_are_there() -> None:
    stated = {row[0].strip("`"): row[1] for row in rows(section("Events"))}
    assert {*stated, "all"} == {*typing.get_args(manifest.EventName)}
    for struct in _subclasses(event_types.Event):
        items = {*event_types.ImportedMedia.__struct_fields__}
        names = {*struct.__struct_fields__} - {"message"}
        names |= items if "items" in names else set()
        assert {*re.findall("`([a-z_]+)`", stated[struct.kind])} == names


def _subclasses(kind: type[event_types.Event]) -> list[type[event_types.Event]]:
    return kind.__subclasses__()


def test_all_that_a_panel_shows_is_there() -> None:
    (text,) = examples("panel")
    read = panels.read_panel(the_manifest(), json.loads(text))
    assert (len(read.items), read.left_out) == (9, 0)
    table = {row[0].strip("`"): row[1] for row in rows(section("Panels"))}
    structs = typing.get_args(panels.PanelItem)
    assert {*table} == {one.__struct_config__.tag for one in structs}
    for one in structs:
        words = {*re.findall("`([a-z]+)`", table[one.__struct_config__.tag])}
        assert {*one.__struct_fields__} <= words


def test_all_permissions_are_there() -> None:
    table = rows(section("Permissions"))
    assert {row[0].strip("`") for row in table} == {*typing.get_args(PermissionKind)}
    for kind, example, _ in table:
        for text in re.findall("`(.+?)`", example):
            assert f"`{parse_permission(text).kind}`" == kind


def test_the_limits_are_those_of_the_levels() -> None:
    stated = {
        row[0].strip("`"): [int(re.findall(r"\d+", cell)[0]) for cell in row[1:]]
        for row in rows(section("Limits"))
    }
    assert stated == {
        name: [
            one.memory_bytes >> 20,
            one.seconds,
            one.operations,
            one.files,
            one.calls_per_s,
            one.connections,
        ]
        for name, one in LEVELS.items()
    }
    one = LEVELS["standard"]
    # What the sentences say: 60 times the time, four times the memory.
    assert one.network_s == 60 * one.seconds
    assert one.written_bytes == 4 * one.memory_bytes
    assert messages.MAX_EDIT_BYTES == 64 << 20
    assert ANSWER_BYTES == 16 << 20


def test_each_host_call_is_there_with_an_example_of_each_field() -> None:
    assert set(first_names(section("Host calls"))) == set(CALLS)
    used: dict[str, set[str]] = {name: set() for name in CALLS}
    for text in examples("request"):
        asked = json.loads(text)
        host_request(text)
        used[asked.pop("call")] |= set(asked)
    for name, struct in CALLS.items():
        assert used[name] == set(struct.__struct_fields__)
    words = section("Host calls")
    answered = {one.name for one in fields(network.WebAnswer)} - {"body"}
    parts = [*HttpRequest.__struct_fields__, *FileRange.__struct_fields__, *answered]
    assert [one for one in parts if f"`{one}`" not in words] == []


class _Web:
    """Answers as the page says, without a network."""

    async def send(self, request: Any, _: float) -> network.WebAnswer:
        assert (request.method, request.account) == ("PUT", "youtube")
        return network.WebAnswer(200, {"content-type": "text/plain"}, b"ok")


def test_each_host_call_is_answered_as_the_page_says(tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    (films / "film.cuts").write_text("hello")
    wanted = [f"read:{films}", f"write:{films}", "system:info"]
    wanted += ["ui:message", "ui:panel"]
    said: list[str] = []

    def called(call: PluginCall) -> tuple[dict[str, Any], float]:
        return {"letters": len(call.args["text"])}, 0.0

    services = Services(
        message=lambda _, text: said.append(text),
        panel=lambda _: said.append("the panel"),
        call=called,
        store=lambda name: PluginStore(tmp_path / "stores", name),
    )
    granted = tuple(map(parse_permission, wanted))
    host = HostCalls(the_manifest(), granted, LEVELS["full"], services, Denials())
    host._web = _Web()  # type: ignore[assignment]
    pairs = list(zip(examples("request"), examples("reply"), strict=True))
    for asked, stated in pairs:
        text = asked.replace(b'"/films/', f'"{films}/'.encode())
        answer = json.loads(host(text, lambda: None, 10.0)[0])
        expected = json.loads(stated)
        if json.loads(asked)["call"] in {"system", "clock"}:
            assert {n: type(v) for n, v in answer.items()} == {
                n: type(v) for n, v in expected.items()
            }
        else:
            assert answer == expected, asked
    assert (films / "copy.cuts").read_bytes() == b"hellohello"
    assert said == ["The list is written.", "the panel"]


def test_what_is_denied_is_answered_as_the_page_says() -> None:
    host = HostCalls(the_manifest(), (), LEVELS["full"], Services(), Denials())
    (stated,) = examples("denied")
    asked = b'{"call":"message","text":"hello"}'
    assert json.loads(host(asked, lambda: None, 10.0)[0]) == json.loads(stated)
    assert str(Permission("ui", "message")) in stated.decode()


@pytest.fixture
def plugin() -> Plugin:
    wasm = wasm_of(BODY + ECHO)
    return Plugin(the_manifest(), lambda: code_of(wasm), limits=LEVELS["full"])


def sent_by(
    monkeypatch: pytest.MonkeyPatch, work: Callable[[], object], answer: bytes
) -> list[Any]:
    """The messages that some work sends, when each is answered by an example."""
    sent: list[Any] = []

    def call(_: Sandbox, message: bytes, *__: Any, **___: Any) -> bytes:
        sent.append(json.loads(message))
        return answer

    monkeypatch.setattr(Sandbox, "call", call)
    work()
    return sent


def test_a_command_is_sent_and_answered(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    (message,), answer = examples("command"), examples("answer")[1]
    stated = json.loads(message)
    results = []

    def work() -> None:
        results.append(plugin.call(stated["command"], stated["args"]))

    assert sent_by(monkeypatch, work, answer) == [stated]
    assert results == [json.loads(answer)]
    with pytest.raises(PluginError, match="there is no such letter"):
        sent_by(monkeypatch, work, examples("answer")[0])


def test_an_event_is_sent(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    (message,) = examples("event")
    stated = json.loads(message)
    plugin._events.append((stated["event"], stated["data"]))
    assert sent_by(monkeypatch, plugin._send_events, b"{}") == [stated]


class _Plugins:
    """As much of `Plugins` as formats and analyzers ask for."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin

    def manifests(self, _: str = "") -> dict[str, Any]:
        return {self._plugin.manifest.id: self._plugin.manifest}

    def plugin(self, _: str) -> Plugin:
        return self._plugin


def test_an_importer_is_sent_a_file(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "film.cuts").write_text("hello")
    os.utime(tmp_path / "film.cuts", ns=(NEW_YEAR_NS, NEW_YEAR_NS))
    (importer,) = formats.importers_of(_Plugins(plugin), "")  # type: ignore[arg-type]
    request = ImportRequest(path=tmp_path / "film.cuts", args={}, check=lambda: None)
    edits: list[Any] = []
    answer = examples("answer")[2]
    (message,) = examples("importer")
    sent = sent_by(monkeypatch, lambda: edits.append(importer.read(request)), answer)
    assert sent == [json.loads(message)]
    assert [json.loads(one) for one in edits] == [json.loads(answer)["edit"]]


def test_an_exporter_is_sent_an_edit(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "unfinished"
    path.touch()
    os.utime(path, ns=(NEW_YEAR_NS, NEW_YEAR_NS))
    (message,) = examples("exporter")
    (exporter,) = formats.exporters_of(_Plugins(plugin), "")  # type: ignore[arg-type]
    request = ExportRequest(
        timeline=None,  # type: ignore[arg-type]
        document=msgspec.json.encode(json.loads(message)["edit"]),
        path=path,
        name="film.cuts",
        args={},
        check=lambda: None,
    )
    answer = examples("answer")[3]
    sent = sent_by(monkeypatch, lambda: exporter.write(request), answer)
    assert sent == [json.loads(message)]


def test_an_analyzer_begins_and_ends_as_the_page_says(plugin: Plugin) -> None:
    begin, end = examples("analyzer")
    analysis = analyzers._Analysis(_Plugins(plugin), plugin.manifest, 0)  # type: ignore[arg-type]
    stream = Stream(of="picture", parts=250, size=(1920, 1080))
    facts = analyzers._facts_of(stream)
    stated = json.loads(analysis._message(begin={"args": {"most": 255}, **facts}))
    assert stated == json.loads(begin)
    assert json.loads(analysis._message(end={})) == json.loads(end)
    sound = Stream(of="sound", parts=1, channels=2, sample_rate_hz=48_000)
    names = set(analyzers._facts_of(sound)) - set(facts)
    assert {one for one in names if f"`{one}`" in section("Messages")} == names
    (rows_text,) = examples("rows")
    (row,) = analysis._read(rows_text).rows
    assert row["brightness"] == 127.5


def test_examples_of_tests_can_be_read_and_have_each_field() -> None:
    (text,) = examples("tests")
    msgspec.json.decode(text, type=Examples)
    stated = json.loads(text)
    hints = typing.get_type_hints(Examples)
    assert set(stated) == set(hints)
    known = set(
        re.findall("`([a-z]+)`", section("Examples for `timeline-nb plugins test`"))
    )
    for name, hint in hints.items():
        struct = typing.get_args(hint)[0]
        used = {field for one in stated[name] for field in one}
        assert set(struct.__struct_fields__) - used - known == set()
