"""A server without Jupyter: who is let in, and what its pages may do."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec
import pytest
import websocket
from media_factory import Recipe, make
from server.page import Page, cookie_of
from server.scene import Site, alone, open_files, wait_until
from typer.testing import CliRunner

import timeline_nb as tl
from timeline_nb.cli.app import app
from timeline_nb.server.origins import checked_origins
from timeline_nb.widgets.any_request import AnyRequest


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    make(folder, Recipe("film.mp4", frames=50, clicks=True))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(320, 240), studio=studio)
        cut.append(tl.open(folder / "film.mp4", studio=studio).clip())
        for name in ("cut", "shared"):
            cut.save(folder / f"{name}.tlp")
    (folder / "a <b>.mp4").write_bytes(b"no film")
    (folder / "page.html").write_text("<script>alert(1)</script>")
    (folder / ".hidden.mp4").write_bytes(b"hidden")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder, origins=["https://films.example"]) as site:
        yield site


@pytest.fixture(scope="module")
def cookie(site: Site) -> str:
    return cookie_of(site)


@pytest.fixture(scope="module")
def review(folder: Path) -> Iterator[Site]:
    with alone(folder / "shared.tlp", read_only=True) as site:
        yield site


def test_the_token_becomes_a_strict_cookie(site: Site, cookie: str) -> None:
    answer = site.ask(f"?token={site.token}", login=False)
    attributes = answer.headers["set-cookie"]
    assert "HttpOnly" in attributes
    assert "SameSite=Strict" in attributes
    # The cookie is not the token: who reads one cannot write it into an address.
    assert site.token not in attributes
    assert b'http-equiv="refresh" content="0;url=/"' in answer.body
    assert site.token.encode() not in answer.body
    page = site.ask("", login=False, headers={"Cookie": cookie})
    assert page.status == 200
    assert site.token.encode() not in page.body
    assert page.headers["referrer-policy"] == "no-referrer"
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_who_has_no_token_gets_nothing(site: Site, cookie: str) -> None:
    paths = ["", "static/alone.js", "timeline_nb/health", "timeline_nb/socket", "x"]
    for path in paths:
        assert site.ask(path, login=False).status == 403, path
        wrong = {"Cookie": cookie[:-1] + ("0" if cookie[-1] != "0" else "1")}
        assert site.ask(path, login=False, headers=wrong).status == 403, path
    assert site.ask("?token=wrong", login=False).status == 403
    # Only the page takes a token from an address.
    health = f"timeline_nb/health?token={site.token}"
    assert site.ask(health, login=False).status == 403


def test_other_names_of_this_machine_are_refused(site: Site, cookie: str) -> None:
    port = site.base.rstrip("/").rpartition(":")[2]
    known = {"Cookie": cookie}
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}"):
        assert site.ask("", login=False, headers={"Host": host, **known}).status == 200
    for host in (
        "evil.example",
        f"evil.example:{port}",
        f"127.0.0.1.evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        f"user@127.0.0.1:{port}",
        "",
    ):
        answer = site.ask("", login=False, headers={"Host": host, **known})
        assert answer.status in {400, 403}, host


def test_the_list_shows_projects_and_media_as_text(site: Site) -> None:
    body = site.ask("").body.decode()
    assert "cut.tlp" in body
    assert "a &lt;b&gt;.mp4" in body
    assert "<b>" not in body
    assert "page.html" not in body
    assert "hidden" not in body
    assert site.ask("?open=page.html").status == 404
    assert site.ask("?open=../../etc/passwd").status == 404
    assert site.ask("static/..%2fchannel.js").status in {403, 404}
    # A page that could not load a program asks for it again at another address.
    assert site.ask("static/editorLater.js?again=1").status == 200
    assert site.ask("timeline_nb/metrics").status == 404


def test_a_named_origin_may_read_and_no_other(site: Site, folder: Path) -> None:
    media = site.address_of(folder / "film.mp4")
    friend = {"Origin": "https://films.example"}
    found = site.ask(media, "HEAD", headers=friend).headers
    assert found["access-control-allow-origin"] == "https://films.example"
    assert found["access-control-allow-credentials"] == "true"
    assert "Origin" in found["vary"]
    for origin in (
        "https://films.example.evil.example",
        "https://evilfilms.example",
        "http://films.example",
        "https://films.example:444",
        "null",
    ):
        headers = site.ask(media, "HEAD", headers={"Origin": origin}).headers
        assert "access-control-allow-origin" not in headers, origin
        assert headers["cross-origin-resource-policy"] == "same-origin"
    asked = {**friend, "Access-Control-Request-Method": "GET"}
    answer = site.ask(media, "OPTIONS", login=False, headers=asked)
    assert answer.status == 204
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    # A name that was allowed does not let anyone in.
    assert site.ask(media, login=False, headers=friend).status == 403


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example", "null", "films.example", "https://films.example/a", ""],
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(tl.ServerError, match="no origin"):
        checked_origins([origin])


def test_only_our_own_pages_connect(site: Site, cookie: str) -> None:
    base = site.base.rstrip("/")
    for origin in ("https://evil.example", "https://films.example", f"{base}1", "null"):
        with pytest.raises(websocket.WebSocketBadStatusException):
            Page(site, cookie, "cut.tlp", origin=origin)
    with pytest.raises(websocket.WebSocketBadStatusException):
        Page(site, "", "cut.tlp")
    assert site.ask("timeline_nb/socket").status == 403
    with Page(site, cookie, "../../etc/passwd") as page:
        assert page.close_code() == 1011


def test_a_page_plays_edits_and_saves(site: Site, cookie: str, folder: Path) -> None:
    with Page(site, cookie, "cut.tlp") as page:
        opened, _ = page.receive()
        assert opened["bundle"] == "editor"
        assert opened["canSave"] is True
        welcome, _ = page.request("hello")
        assert welcome["kind"] == "welcome"
        source = page.wait_for("playerSource")
        assert source["frames"] == 50
        sound, [samples] = page.request(
            "askSound", version=source["version"], startS=0, durationS=0.5
        )
        assert sound["kind"] == "sound"
        # Half a second of 16-bit stereo at 48 kHz.
        assert len(samples) == 24_000 * 4
        assert page.request("split", items=[], atS=1.0)[0]["kind"] == "done"
        page.send({"method": "save"})
        assert page.wait_for("say")["text"] == "cut.tlp is saved"
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.load(folder / "cut.tlp", studio=studio)
        assert [float(clip.source_range.duration) for clip in cut.clips] == [1, 1]


def test_people_who_open_one_project_share_it(site: Site, cookie: str) -> None:
    with Page(site, cookie, "cut.tlp") as one, Page(site, cookie, "cut.tlp") as other:
        for page in (one, other):
            page.receive()
            page.request("hello")
        one.request("addMarker", atS=0.4, name="here")
        while not other.wait_for("timeline")["markers"]:
            pass
        # Each has a playhead of its own.
        one.send({"method": "update", "state": {"playhead": 1.2}})
        one.request("ping")
        other.send({"method": "update", "state": {"playhead": 0.2}})
        other.request("ping")
        found = site.run(
            "import gc; from timeline_nb.widgets.editor import Editor; "
            "print(sorted(w.playhead for w in gc.get_objects() "
            "if isinstance(w, Editor) and w.view_count))"
        )
        assert found == "[0.2, 1.2]"


def test_messages_that_are_none_end_the_page(site: Site, cookie: str) -> None:
    deep = "[" * 60_000 + "]" * 60_000
    for text in ("{", '{"method": "exec"}', "[]", '{"method": "update"}', deep):
        with Page(site, cookie, "cut.tlp") as page:
            page.receive()
            page.send_text(text)
            assert page.close_code() == 1003, text[:40]
    with Page(site, cookie, "cut.tlp") as page:
        page.receive()
        # It is closed while it is sent.
        with suppress(OSError):
            page.send_text(" " * 5_000_000)
            assert page.close_code() == 1009
    assert site.ask("timeline_nb/health").status == 200


def test_a_page_sets_only_what_is_its_own(site: Site, cookie: str) -> None:
    with Page(site, cookie, "cut.tlp") as page:
        page.receive()
        page.request("hello")
        state = {"_esm": "alert(1)", "still": "data:x", "_view_name": "x", "comm": 1}
        page.send({"method": "update", "state": state})
        assert page.request("ping")[0]["kind"] == "done"


def test_what_a_page_sets_does_not_come_back(site: Site, cookie: str) -> None:
    with Page(site, cookie, "cut.tlp") as page:
        opened, _ = page.receive()
        page.request("hello")
        for at in (0.2, 0.4, 0.6):
            state = {"playhead": at, "selection": [str(at)]}
            page.send({"method": "update", "state": state})
        page.request("ping")
        assert "selection" in opened["state"]
        assert not [one for one in page.kept if one["method"] != "custom"]


def test_pages_that_close_leave_nothing_open(site: Site, cookie: str) -> None:
    def count() -> int:
        return sum("film.mp4" in file for file in open_files(site.pid))

    with Page(site, cookie, "film.mp4") as page:
        opened, _ = page.receive()
        assert opened["bundle"] == "player"
        assert opened["canSave"] is False
        page.request("hello")
        source = page.wait_for("playerSource")
        assert site.ask(source["file"], "HEAD").status == 200
        assert source["fileType"] == "video/mp4"
        page.request(
            "play",
            stream=1,
            version=source["version"],
            first=0,
            sound="aac",
            untilS=1.0,
        )
        page.wait_for("stream")
    assert wait_until(lambda: count() == 0), open_files(site.pid)


def test_a_review_takes_comments_and_nothing_else(review: Site, folder: Path) -> None:
    with Page(review, cookie_of(review), "shared.tlp") as page:
        opened, _ = page.receive()
        assert opened["bundle"] == "review"
        assert opened["canSave"] is False
        page.request("hello")
        before = json.loads((folder / "shared.tlp").read_bytes())
        answer, _ = page.request(
            "addComment",
            atS=0.51,
            durationS=0.2,
            author="Bo",
            text="<i>Darker?</i>",
        )
        assert answer["kind"] == "done"
        while not (comments := page.wait_for("comments")["comments"]):
            pass
        [comment] = comments
        assert comment["text"] == "<i>Darker?</i>"
        assert comment["durationS"] == 0.2
        # Every other request that would change the edit is refused, by its kind.
        allowed = {"hello", "ping", "bye", "askCode", "askTranslations"}
        # It says how this person sees an edit.
        allowed |= {"askSettings"}
        allowed |= {"askFrames", "play", "more", "stop", "askSound", "addComment"}
        for kind in (t.__struct_config__.tag for t in get_args(AnyRequest)):
            if kind not in allowed:
                answer, _ = page.request(str(kind), **_fields(str(kind)))
                assert answer["kind"] == "refused", kind
                assert "shared for review" in answer["message"], answer
        page.send({"method": "save"})
        page.request("ping")
    found = review.run("print([m.name for m in tl.load('shared.tlp').markers])")
    assert found == "['<i>Darker?</i>']"
    after = json.loads((folder / "shared.tlp").read_bytes())
    assert after != before
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.load(folder / "shared.tlp", studio=studio)
        assert len(cut.clips) == 1
        table = cut.comments.to_dataframe()
    # On the frame that begins next to 0.51 s at 25 a second.
    row = dict(table.iloc[0])
    assert (row["start_s"], row["text"]) == (0.52, "<i>Darker?</i>")
    assert row["author"] == "Bo"
    assert str(table["written"].dtype).startswith("datetime64")


def _fields(kind: str) -> dict[str, object]:
    """Return fields of a request that can be read: it is refused for its kind."""
    requests = get_args(AnyRequest)
    struct = next(t for t in requests if t.__struct_config__.tag == kind)
    fields = _sample_of(struct)
    return {name: fields[name] for name in fields.keys() - {"id", "view", "kind"}}


def _sample_of(struct: Any) -> dict[str, object]:
    """Return the fields that a message of this type needs, its tag included."""
    config = struct.__struct_config__
    samples: dict[str, object] = {config.tag_field: config.tag} if config.tag else {}
    for field in msgspec.structs.fields(struct):
        if field.required:
            samples[field.encode_name] = _sample(field.type)
    return samples


def _sample(kind: object) -> object:
    structs = [t for t in (kind, *get_args(kind)) if hasattr(t, "__struct_config__")]
    # "AAAA" is three bytes in base64.
    plain: tuple[object, ...]
    plain = ("AAAA", "a", 0, 1, 0.0, False, [], {}, [0.0, 0.0], ["a"])
    for value in (*get_args(kind), *map(_sample_of, structs), *plain):
        try:
            msgspec.convert(value, type=kind)
        except (msgspec.ValidationError, TypeError):
            continue
        return value
    raise AssertionError(kind)


def test_what_cannot_be_served_is_refused_at_once(folder: Path) -> None:
    run = CliRunner()
    for args, words in {
        (str(folder / "page.html"),): "cannot be served",
        (str(folder / "missing"),): "missing",
        (str(folder), "--allow-origin", "*"): "no origin",
    }.items():
        result = run.invoke(app, ["serve", *args])
        assert isinstance(result.exception, tl.TimelineNbError), args
        assert words in str(result.exception)


def test_a_taken_port_is_named(folder: Path, site: Site) -> None:
    port = site.base.rstrip("/").rpartition(":")[2]
    result = CliRunner().invoke(app, ["serve", str(folder), "--port", port])
    assert isinstance(result.exception, tl.ServerError)
    assert f"port {port} cannot be used" in str(result.exception)


def test_connections_beyond_the_limit_are_turned_away_and_told(folder: Path) -> None:
    with alone(folder) as site:
        where = urlsplit(site.base)
        place = (str(where.hostname), where.port)
        opened = [socket.create_connection(place, timeout=200) for _ in range(300)]
        told = [link.recv(4096) for link in opened[256:]]
        assert {answer.split(b"\r\n")[0] for answer in told} == {
            b"HTTP/1.1 503 Service Unavailable"
        }
        assert all(b"256 connections are open" in answer for answer in told)
        for link in opened:
            link.close()
        assert wait_until(lambda: site.ask("").status == 200)


SLOW = """
import gc, time
from tornado.web import Application
from timeline_nb.widgets.channel import Channel
[found] = [one for one in gc.get_objects() if isinstance(one, Application)]
found.settings["websocket_ping_interval"] = 0.1
handle = Channel._handle
def handle_slowly(self, request):
    if type(request).__name__ == "PingRequest":
        time.sleep(1)
    return handle(self, request)
Channel._handle = handle_slowly
"""
FAILING = """
from timeline_nb.notebook.shared import SharedFiles
connect = SharedFiles.connect
def fail(*_):
    raise ValueError("of the test")
SharedFiles.connect = fail
"""


def test_a_page_stays_open_while_a_message_takes_long(folder: Path) -> None:
    with alone(folder) as site:
        assert not site.run(SLOW)
        with Page(site, cookie_of(site), "film.mp4") as page:
            page.receive()
            page.request("hello")
            # Ten times as long as the server waits between its own pings.
            assert page.request("ping")[0]["kind"] == "done"
            assert page.request("hello")[0]["kind"] == "welcome"


def test_pages_that_could_not_be_opened_take_no_place(folder: Path) -> None:
    with alone(folder) as site:
        cookie = cookie_of(site)
        assert not site.run(FAILING)
        # One more than may be open at once.
        for _ in range(33):
            with Page(site, cookie, "film.mp4") as page:
                assert page.close_code() == 1011
        assert not site.run("SharedFiles.connect = connect")
        with Page(site, cookie, "film.mp4") as page:
            assert page.receive()[0]["method"] == "open"
