"""What a plugin asks the host for: the test says it, a module passes it on."""

import base64
import logging
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from plugins_factory import ASK, ASKING, code_of, read, wasm_of

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.denials import Denials
from timeline_nb.wasm_plugins.host_services import PluginCall, Services
from timeline_nb.wasm_plugins.levels import LEVELS, Limits
from timeline_nb.wasm_plugins.permissions import parse_permission
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.plugin_store import PluginStore

WASM = wasm_of(ASKING)


class Asked:
    """A plugin that asks for what it is called with, and its denials."""

    def __init__(
        self,
        *granted: str,
        services: Services | None = None,
        limits: Limits | None = None,
        **fields: Any,
    ) -> None:
        self.log = Denials()
        manifest = read(WASM, **{"commands": [ASK], **fields})
        self.plugin = Plugin(
            manifest,
            lambda: code_of(WASM),
            tuple(map(parse_permission, granted)),
            services=services,
            denials=self.log,
            limits=limits,
        )

    def __call__(self, call: str, **fields: Any) -> dict[str, Any]:
        request = {"call": call, **fields}
        return self.plugin.call("ask", {"request": request})

    def refused(self, call: str, **fields: Any) -> str:
        with pytest.raises(PluginError) as caught:
            self(call, **fields)
        assert len(self.log.all()) == 1
        return str(caught.value)


def test_a_log_is_one_line_without_control_characters(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "timeline_nb.wasm_plugins.host"):
        assert Asked()("log", text="one\ntwo\x1b[31m" + "x" * 1000) == {}
    (record,) = caplog.records
    assert record.getMessage().startswith("org.example.test: one·two·[31mx")
    assert len(record.getMessage()) < 400


def test_a_message_needs_its_permission() -> None:
    shown: list[tuple[str, str]] = []
    services = Services(message=lambda plugin, text: shown.append((plugin, text)))
    assert "ui:message is not granted" in Asked(services=services).refused(
        "message", text="hi"
    )
    Asked("ui:message", services=services)("message", text="hi")
    assert shown == [("org.example.test", "hi")]


def test_system_information_needs_its_permission() -> None:
    Asked().refused("system")
    assert Asked("system:info")("system")["cpus"] == os.cpu_count()


@pytest.mark.parametrize(
    "request_", [{}, {"call": "exec"}, {"call": "log"}, {"call": "log", "text": 1}]
)
def test_a_request_that_is_none_is_answered_with_an_error(request_: Any) -> None:
    with pytest.raises(PluginError, match="cannot be read"):
        Asked().plugin.call("ask", {"request": request_})


def test_a_refusal_is_logged_and_listed_once_with_its_count(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = Asked(limits=LEVELS["full"])
    for _ in range(2):
        with pytest.raises(PluginError, match="not granted"):
            asked("system")
    (denial,) = asked.log.all("org.example.test")
    assert (denial.what, denial.times) == ("system", 2)
    assert "system:info" in denial.reason
    assert asked.log.all("org.example.other") == []
    assert len([r for r in caplog.records if r.levelname == "WARNING"]) == 1


def test_calls_beyond_those_of_a_second_wait_for_their_turn() -> None:
    asked = Asked()
    begun = time.monotonic()
    for _ in range(15):
        asked("log", text="x")
    # The level minimal allows 10 at once, and 10 in each second.
    assert time.monotonic() - begun >= 0.4
    assert asked.log.all() == []


# Files


def test_a_file_that_a_person_named_is_a_handle(tmp_path: Path) -> None:
    film = tmp_path / "film.bin"
    film.write_bytes(b"0123456789")
    command = {
        "name": "ask",
        "args": {
            "properties": {"film": {"type": "string", "format": "file"}},
            "additionalProperties": True,
        },
    }
    from plugins_factory import BODY, ECHO

    wasm = wasm_of(BODY + ECHO)
    plugin = Plugin(read(wasm, commands=[command]), lambda: code_of(wasm))
    given = plugin.call("ask", {"film": str(film)})["args"]
    modified_ns = film.stat().st_mtime_ns
    facts = {"handle": 1, "name": "film.bin", "size": 10, "modified_ns": modified_ns}
    assert given == {"film": facts}
    with (
        use_scope(Scope([tmp_path / "elsewhere"])),
        pytest.raises(PluginError, match="cannot be opened"),
    ):
        plugin.call("ask", {"film": str(film)})
    with pytest.raises(PluginError, match=r"none\.bin cannot be opened"):
        plugin.call("ask", {"film": str(tmp_path / "none.bin")})
    assert plugin.state == "active"


def test_files_below_a_granted_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"0123456789")
    asked = Asked(f"read:{tmp_path}/in")
    assert asked("open", path=f"{tmp_path}/in/a.txt") == {"handle": 1, "size": 10}
    # Closed with the call that opened it.
    with pytest.raises(PluginError, match="no open file 1"):
        asked("read", handle=1)


def escapes(folder: Path) -> dict[str, str]:
    outside = folder / "secret.txt"
    outside.write_text("secret")
    inside = folder / "in"
    inside.mkdir()
    (inside / "link").symlink_to(outside)
    (inside / "up").symlink_to(folder)
    (inside / ".hidden").write_text("secret")
    os.mkfifo(inside / "pipe")
    return {
        "outside": str(outside),
        "dots": f"{inside}/../secret.txt",
        "link": f"{inside}/link",
        "link of a folder": f"{inside}/up/secret.txt",
        "hidden": f"{inside}/.hidden",
        "pipe": f"{inside}/pipe",
        "folder": str(inside),
        "process": "/proc/self/environ",
        "device": "/dev/zero",
        "NUL": f"{inside}/a\0b",
        "relative": "secret.txt",
        "protocol": "file:///etc/passwd",
        "sibling": f"{inside}x/secret.txt",
    }


@pytest.mark.parametrize("name", [*{
    "outside", "dots", "link", "link of a folder", "hidden", "pipe", "folder",
    "process", "device", "NUL", "relative", "protocol", "sibling"
}])  # fmt: skip
def test_no_path_leads_out_of_the_folders(tmp_path: Path, name: str) -> None:
    path = escapes(tmp_path)[name]
    asked = Asked(f"read:{tmp_path}/in", f"write:{tmp_path}/in")
    with pytest.raises(PluginError) as caught:
        asked("open", path=path)
    assert "secret" not in str(caught.value).replace("secret.txt", "")
    with pytest.raises(PluginError):
        asked("create", path=path)
    assert (tmp_path / "secret.txt").read_text() == "secret"
    assert asked.log.all()


def test_without_a_grant_no_file_is_opened(tmp_path: Path) -> None:
    assert "read:" in Asked().refused("open", path=f"{tmp_path}/a")
    assert "write:" in Asked().refused("create", path=f"{tmp_path}/a")
    assert "no folder" in Asked(f"write:{tmp_path}").refused(
        "open", path=f"{tmp_path}/a"
    )


def handles(folder: Path, limits: Limits = LEVELS["minimal"]) -> Any:
    from timeline_nb.wasm_plugins.file_handles import FileHandles

    granted = [parse_permission(f"{kind}:{folder}") for kind in ("read", "write")]
    return FileHandles(granted, limits)


def test_a_written_file_is_there_when_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with handles(tmp_path) as files:
        number = files.create(str(path))
        files.write(number, 0, b"hello ")
        files.write(number, 6, b"world")
        assert not path.exists()
        files.close(number)
        assert path.read_bytes() == b"hello world"
        again = files.open(str(path))
        assert files.read(again, 6, 100) == b"world"
    assert os.listdir(tmp_path) == ["out.txt"]  # noqa: PTH208 - names


def test_what_was_not_closed_is_discarded(tmp_path: Path) -> None:
    with handles(tmp_path) as files:
        files.write(files.create(f"{tmp_path}/out.txt"), 0, b"half")
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with handles(tmp_path) as files:
        number = files.create(str(path))
        path.write_bytes(b"mine")
        with pytest.raises(PluginError, match=r"film\.mp4"):
            files.close(number)
        with pytest.raises(PluginError, match="exists"):
            files.create(str(path))
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lent_file_is_written_and_keeps_its_name(tmp_path: Path) -> None:
    from timeline_nb.wasm_plugins.file_handles import FileHandles

    path = tmp_path / ".cut.partial"
    path.touch()
    with FileHandles((), LEVELS["minimal"]) as files:
        number = files.lend(path, "cut.edl")
        facts = files.facts(number)
        assert (facts["handle"], facts["name"], facts["size"]) == (1, "cut.edl", 0)
        files.write(number, 0, b"title")
        files.close(number)
        with pytest.raises(PluginError, match=r"cut\.edl cannot be written"):
            files.lend(tmp_path / "no" / "a", "cut.edl")
    assert path.read_bytes() == b"title"
    assert list(tmp_path.iterdir()) == [path]


def test_text_is_read_by_whole_letters() -> None:
    from timeline_nb.wasm_plugins.host_answers import file_answer, written_bytes

    data = 'é"\n'.encode() * 2
    assert file_answer(data[:5], text=True) == {"text": 'é"\n', "bytes": 4}
    assert file_answer(data[:6], text=True) == {"text": 'é"\né', "bytes": 6}
    assert file_answer(data, text=False) == {"base64": "w6kiCsOpIgo="}
    with pytest.raises(PluginError, match="no UTF-8"):
        file_answer(b"a\xff", text=True)
    assert written_bytes("é", None) == b"\xc3\xa9"
    assert written_bytes(None, "w6k=") == b"\xc3\xa9"
    for text, base64_text in ((None, None), ("a", "YQ=="), (None, "YQ")):
        with pytest.raises(PluginError, match="base64"):
            written_bytes(text, base64_text)


def test_a_file_that_is_read_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"mine")
    with handles(tmp_path) as files:
        number = files.open(str(path))
        with pytest.raises(PluginError, match="for reading"):
            files.write(number, 0, b"x")
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("offset", [64 << 20, 1 << 40, (1 << 62) - 1])
def test_bytes_written_are_limited(tmp_path: Path, offset: int) -> None:
    with handles(tmp_path) as files:
        number = files.create(f"{tmp_path}/out.txt")
        with pytest.raises(PluginError, match="at most 64 MiB"):
            files.write(number, offset, b"x")


def test_open_files_are_limited(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with handles(tmp_path) as files:
        for _ in range(10):
            files.open(f"{tmp_path}/a")
        with pytest.raises(PluginError, match="at most 10 files"):
            files.open(f"{tmp_path}/a")


def test_reading_far_beyond_the_end_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with handles(tmp_path) as files:
        number = files.open(f"{tmp_path}/a")
        assert files.read(number, 1 << 40, 10) == b""
        assert files.read(number, 0, 1 << 60) == b"abc"


# Network


def test_requests_at_once_are_limited() -> None:
    many = [{"url": "https://a.com"}] * 2
    assert "at most 1 connections" in Asked().refused("http", requests=many)


def test_a_forbidden_host_is_answered_refused_and_listed() -> None:
    asked = Asked("network:*.example.com")
    answer = asked("http", requests=[{"url": "https://evilexample.com/x"}])
    assert answer["answers"][0]["denied"] is True
    (denial,) = asked.log.all()
    assert "evilexample.com" in denial.what
    assert "network:evilexample.com would allow it" in denial.reason


def test_an_answer_reaches_the_plugin(local_server: "Served") -> None:
    asked = Asked(f"local:127.0.0.1:{local_server.port}")
    url = f"http://127.0.0.1:{local_server.port}"
    requests = [{"url": url, "method": "PUT", "base64": "AP8="}]
    (answer,) = asked("http", requests=requests)["answers"]
    assert answer["status"] == 200
    assert base64.b64decode(answer["base64"]) == b"\x00\xff"


def test_a_range_of_a_file_is_sent_and_never_seen(
    tmp_path: Path, local_server: "Served"
) -> None:
    from timeline_nb.wasm_plugins.host import HostCalls

    data = os.urandom(3_000_000)
    (tmp_path / "film").write_bytes(data)
    granted = [f"local:127.0.0.1:{local_server.port}", f"read:{tmp_path}"]
    host = HostCalls(
        read(WASM),
        tuple(map(parse_permission, granted)),
        LEVELS["extended"],
        Services(),
        Denials(),
    )
    import msgspec

    def check() -> None:
        pass

    def ask(**request: Any) -> Any:
        return msgspec.json.decode(host(msgspec.json.encode(request), check, 10)[0])

    with host.begin():
        number = ask(call="open", path=f"{tmp_path}/film")["handle"]
        answer, waited_s = host(
            msgspec.json.encode(
                {
                    "call": "http",
                    "requests": [
                        {
                            "url": f"http://127.0.0.1:{local_server.port}",
                            "method": "PUT",
                            "file": {
                                "handle": number,
                                "offset": 7,
                                "length": 2_000_000,
                            },
                        }
                    ],
                }
            ),
            check,
            10,
        )
    (only,) = msgspec.json.decode(answer)["answers"]
    assert base64.b64decode(only["base64"]) == data[7:2_000_007]
    assert waited_s > 0


# Other plugins


def test_only_what_is_required_is_called() -> None:
    called: list[PluginCall] = []

    def call(one: PluginCall) -> tuple[dict[str, Any], float]:
        called.append(one)
        return {"n": 1}, 0.0

    services = Services(call=call)
    asked = Asked(services=services, requires={"org.example.other": "1.0.0"})
    fields = {"command": "run", "args": {"a": 1}}
    answer = asked("plugin", id="org.example.other", **fields)
    assert answer == {"result": {"n": 1}}
    (one,) = called
    assert (one.id, one.command, one.args) == ("org.example.other", "run", {"a": 1})
    # The level minimal allows 10 s.
    assert one.left_s < 10
    assert "not among what it requires" in asked.refused(
        "plugin", id="org.example.third", **fields
    )


# What is kept, and the clock


def kept_in(folder: Path, **fields: Any) -> Asked:
    services = Services(store=lambda name: PluginStore(folder / "stores", name))
    return Asked(services=services, limits=LEVELS["full"], **fields)


def test_what_a_plugin_keeps_is_there_for_another_instance_of_it(
    tmp_path: Path,
) -> None:
    asked = kept_in(tmp_path)
    assert asked("store_get", key="uploads") == {}
    asked("store_put", key="uploads", text="[1]\u00e9\U0001f600")
    again = kept_in(tmp_path)
    assert again("store_get", key="uploads") == {"text": "[1]\u00e9\U0001f600"}
    assert kept_in(tmp_path, id="org.example.other")("store_get", key="uploads") == {}
    again("store_put", key="uploads", text=None)
    assert asked("store_get", key="uploads") == {}


def test_what_a_plugin_keeps_is_for_its_owner_alone(tmp_path: Path) -> None:
    kept_in(tmp_path)("store_put", key="a", text="b")
    path = tmp_path / "stores" / "org.example.test.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("a", "x" * (256 << 10), "256 KiB together"),
        ("a", "\u20ac" * (90 << 10), "256 KiB together"),
        ("", "x", "length >= 1"),
        ("k" * 101, "x", "length <= 100"),
    ],
)
def test_what_a_plugin_keeps_has_limits(
    tmp_path: Path, key: str, text: str, message: str
) -> None:
    with pytest.raises(PluginError, match=message):
        kept_in(tmp_path)("store_put", key=key, text=text)
    assert list(tmp_path.glob("stores/*.json")) == []


def test_no_more_than_100_texts_are_kept(tmp_path: Path) -> None:
    asked = kept_in(tmp_path)
    for number in range(100):
        asked("store_put", key=f"key {number}", text="x")
    with pytest.raises(PluginError, match="at most 100 texts"):
        asked("store_put", key="one more", text="x")
    asked("store_put", key="key 0", text="y")
    assert asked("store_get", key="key 0") == {"text": "y"}


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"a": 1}', b"\xff", bytes(3 << 20)])
def test_a_damaged_store_is_an_error_that_says_what_to_delete(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "stores" / "org.example.test.json"
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(PluginError) as caught:
        kept_in(tmp_path)("store_get", key="a")
    assert "delete stores/org.example.test.json" in str(caught.value)
    # The plugin is not to learn the person's name.
    assert str(tmp_path) not in str(caught.value)


def test_a_rest_is_not_the_plugins_own_time() -> None:
    short = replace(LEVELS["minimal"], seconds=0.3)
    began = time.time()
    answer = Asked(limits=short)("clock", wait_s=0.6)
    assert began + 0.5 < time.time()
    assert int(began) <= answer["unix_s"] <= time.time()


def test_rests_of_one_call_are_limited() -> None:
    # 60 times the own time: 54 s.
    short = replace(LEVELS["minimal"], seconds=0.9)
    with pytest.raises(PluginError, match="for at most 54 s"):
        Asked(limits=short)("clock", wait_s=60)


class Served:
    port: int


@pytest.fixture
def local_server() -> Any:
    import http.server
    import threading

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Served()
    served.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()
