"""The uploader sends whole films to a local YouTube, with the studio's account."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from stand_ins.authorization import AuthorizationServer
from stand_ins.server import Fault, Reply
from stand_ins.signing_in import Person, accounts_at
from stand_ins.youtube import YouTubeStandIn, error

from timeline_nb.errors import PluginError
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio
from timeline_nb.wasm_plugins.host import HostCalls
from timeline_nb.wasm_plugins.plugins import Plugins

ID = "timeline-nb.uploader"
MARK = b"only in the film"
SIZE = 2_500_000


@dataclass
class Scene:
    """A studio with a connected account, and the platform."""

    folder: Path
    cache: Path
    youtube: YouTubeStandIn
    server: AuthorizationServer
    accounts: Accounts
    studios: list[Studio] = field(default_factory=list)

    def restart(self) -> None:
        """Go on as after a restart of the kernel."""
        for studio in self.studios:
            studio.close()
        settings = Settings(
            cache_dir=self.cache,
            data_dir=self.folder / "data",
            roots=(self.folder,),
        )
        self.studios = [Studio(settings, accounts=self.accounts)]

    @property
    def studio(self) -> Studio:
        return self.studios[0]

    @property
    def film(self) -> Path:
        return self.folder / "film.mp4"

    def __call__(self, command: str, **args: Any) -> dict[str, Any]:
        server = {} if command == "list_uploads" else {"server": self.youtube.address}
        return self.studio.plugins.call(ID, command, {**server, **args})

    def upload(self, title: str = "Lake", **settings: Any) -> dict[str, Any]:
        given = {"title": title, **settings}
        return self("upload", film=str(self.film), part_mib=1, settings=given)

    def refused(self, **settings: Any) -> str:
        with pytest.raises(PluginError) as caught:
            self.upload(**settings)
        assert self.studio.plugins.plugin(ID).state == "active"
        return str(caught.value)

    @property
    def sent(self) -> list[bytes]:
        return list(self.youtube.videos.values())


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of plugins with the uploader in it, and its cache: compiled once."""
    folder = tmp_path_factory.mktemp("installed")
    Plugins(folder / "plugins", folder / "cache" / "plugins").install("uploader")
    return folder


@pytest.fixture(scope="module")
def connected() -> Iterator[Any]:
    with AuthorizationServer("youtube") as server:
        accounts = accounts_at(server, "youtube")
        person = Person()
        accounts.connect("youtube", person)
        person.done()
        yield server, accounts


@pytest.fixture(autouse=True)
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The rests that the plugin asked for, in seconds; they pass at once."""
    found: list[float] = []

    def rest(_: HostCalls, seconds: float, __: Any) -> int:
        found.append(seconds)
        return 1_800_000_000

    monkeypatch.setattr(HostCalls, "_after", rest)
    return found


@pytest.fixture
def scene(connected: Any, installed: Path, tmp_path: Path) -> Iterator[Scene]:
    server, accounts = connected
    shutil.copytree(installed / "plugins", tmp_path / "data" / "plugins")
    with YouTubeStandIn() as youtube:
        youtube.tokens = server.access
        made = Scene(tmp_path, installed / "cache", youtube, server, accounts)
        made.restart()
        made.film.write_bytes(os.urandom(SIZE - len(MARK)) + MARK)
        port = youtube.address.rpartition(":")[2]
        made.studio.plugins.grant(ID, "account:youtube", f"local:127.0.0.1:{port}")
        yield made
        made.studio.close()


def test_a_film_arrives_whole_with_what_is_said_of_it(scene: Scene) -> None:
    assert scene("authorize") == {"account": "youtube", "channel": "Ada's films"}
    assert scene("list_uploads") == {"uploads": []}
    sent = scene.upload(
        "Lake", description="At dawn", tags=["lake", "fog"], category="19",
        privacy="unlisted",
    )  # fmt: skip
    assert scene.sent == [scene.film.read_bytes()]
    video = sent["video"]
    assert sent["url"] == f"https://youtu.be/{video}"
    # One request that begins, and 1 + 1 + 0.4 MiB.
    assert (sent["requests"], sent["is_resumed"]) == (4, False)
    # As the reference of videos.insert has it.
    assert scene.youtube.resources[video] == {
        "snippet": {
            "title": "Lake",
            "description": "At dawn",
            "tags": ["lake", "fog"],
            "categoryId": "19",
        },
        "status": {"privacyStatus": "unlisted"},
    }
    status = scene("get_status")
    assert (status["video"], status["state"]) == (video, "uploaded")
    assert (status["privacy"], status["processing"]) == ("unlisted", "processing")
    (listed,) = scene("list_uploads")["uploads"]
    assert (listed["state"], listed["url"]) == ("done", sent["url"])
    assert (listed["film"], listed["size_bytes"]) == ("film.mp4", SIZE)
    assert scene.studio.plugins.denials() == []


def test_neither_the_token_nor_the_film_is_in_the_sandbox(scene: Scene) -> None:
    scene.upload()
    sandbox = scene.studio.plugins.plugin(ID)._commands
    assert sandbox is not None
    memory = sandbox._exports["memory"]
    held = bytes(memory.read(sandbox._store))
    token = scene.accounts.token("youtube").reveal()
    for secret in (token.encode(), token.encode("utf-16-le"), MARK):
        assert secret not in held
    # What it knows is there, so the search finds what there is.
    assert "Lake".encode("utf-16-le") in held
    assert token in scene.server.access


def test_a_restart_forgets_no_upload(scene: Scene) -> None:
    first = scene.upload()
    scene.restart()
    assert [one["video"] for one in scene("list_uploads")["uploads"]] == [
        first["video"]
    ]
    second = scene.upload()
    assert second["video"] != first["video"]
    assert len(scene("list_uploads")["uploads"]) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault("PUT", keep_bytes=700_000, skip=1),
        Fault("PUT", keep_bytes=10),
        Fault("PUT", lose_answer=True, skip=1),
        Fault("PUT", lose_answer=True, skip=2),
        Fault("PUT", status=503),
        Fault("PUT", status=429, headers={"Retry-After": "0"}, skip=1),
        Fault("POST", lose_answer=True),
        Fault("POST", status=500),
    ],
    ids=lambda one: f"{one.method} {one.status} {one.keep_bytes} {one.skip}",
)
def test_a_connection_that_is_cut_loses_nothing(scene: Scene, fault: Fault) -> None:
    scene.youtube.faults = [fault]
    scene.upload()
    assert scene.sent == [scene.film.read_bytes()]
    assert fault.times == 0
    assert len(scene("list_uploads")["uploads"]) == 1


def test_an_upload_goes_on_after_a_restart_and_sends_nothing_twice(
    scene: Scene,
) -> None:
    away = {"Retry-After": "3600"}
    scene.youtube.faults = [Fault("PUT", status=503, headers=away, skip=1)]
    assert "it goes on where it stopped" in scene.refused()
    (listed,) = scene("list_uploads")["uploads"]
    assert listed["state"] == "unfinished"
    assert "session" not in json.dumps(listed)
    status = scene("get_status")
    assert (status["state"], status["received_bytes"]) == ("unfinished", 1 << 20)
    scene.restart()
    assert scene.upload()["is_resumed"] is True
    assert scene.sent == [scene.film.read_bytes()]
    (session,) = scene.youtube.sessions.values()
    assert session.received == SIZE


def test_an_upload_that_is_cancelled_goes_on(scene: Scene) -> None:
    began = threading.Event()
    # It is not whole before that, whoever has the processor.
    scene.youtube.after_piece = lambda: began.wait(200)

    def check() -> None:
        if any(session.data for session in scene.youtube.sessions.values()):
            began.set()
            raise InterruptedError

    args = {
        "film": str(scene.film),
        "settings": {"title": "Lake"},
        "server": scene.youtube.address,
        "part_mib": 1,
    }
    with pytest.raises(InterruptedError):
        scene.studio.plugins.call(ID, "upload", args, check=check)
    assert began.is_set()
    assert scene.upload()["is_resumed"] is True
    assert scene.sent == [scene.film.read_bytes()]


@pytest.mark.parametrize("change", ["film", "settings"])
def test_another_film_or_other_settings_are_another_upload(
    scene: Scene, change: str
) -> None:
    away = {"Retry-After": "3600"}
    scene.youtube.faults = [Fault("PUT", status=503, headers=away, skip=1)]
    scene.refused()
    if change == "film":
        scene.film.write_bytes(os.urandom(SIZE))
    sent = scene.upload(**({"privacy": "public"} if change == "settings" else {}))
    assert sent["is_resumed"] is False
    assert scene.sent == [scene.film.read_bytes()]


def test_a_session_that_the_service_lost_begins_anew(scene: Scene) -> None:
    away = {"Retry-After": "3600"}
    scene.youtube.faults = [Fault("PUT", status=503, headers=away, skip=1)]
    scene.refused()
    for session in scene.youtube.sessions.values():
        session.is_over = True
    assert scene("get_status")["state"] == "lost"
    assert scene.upload()["is_resumed"] is False
    assert scene.sent == [scene.film.read_bytes()]


def test_a_service_that_loses_every_session_is_left(scene: Scene) -> None:
    scene.youtube.faults = [Fault("PUT", status=404, times=9)]
    assert "lost the upload 3 times" in scene.refused()


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (error(403, "quotaExceeded"), "quota of the app's Google project is used up"),
        (error(400, "invalidCategoryId"), "the category is not taken here"),
        (error(401, "authError"), r"tl.accounts.connect('youtube')"),
        (error(403, "strange", "Never\nheard"), "HTTP 403 strange Never·heard"),
        (Reply(400, b"<html>Bad</html>"), "YouTube refuses it: HTTP 400"),
        (Reply(400, b'{"error": ' + b"[" * 60_000), "HTTP 400"),
        (Reply(400, {"error": {"errors": 5, "message": ["a"]}}), "HTTP 400"),
        (Reply(200, None, {"Location": "https://evil.test/x"}), "named no address"),
        (Reply(200, {}), "named no address"),
        (Reply(302, None, {"Location": "https://evil.test/"}), "is not allowed"),
    ],
)
def test_what_the_service_refuses_is_said_in_words(
    scene: Scene, reply: Reply, message: str
) -> None:
    scene.youtube.refusal = reply
    assert message in scene.refused()
    assert scene.sent == []


@pytest.mark.parametrize(
    "said", [{}, {"id": 5}, {"id": "../x"}, {"id": "a" * 65}, b"<html>", b""]
)
def test_an_end_without_an_address_is_said_in_words(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    monkeypatch.setattr(scene.youtube, "_part", lambda _: Reply(200, said))
    assert "did not say its address" in scene.refused()


@pytest.mark.parametrize(
    "said", ["bytes=0-99999999999999", "bytes=0--5", "bytes=0-x", "bytes=1-5", ""]
)
def test_a_service_that_miscounts_is_left(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    lie = Reply(308, None, {"Range": said, "Retry-After": "3600"})
    monkeypatch.setattr(scene.youtube, "_part", lambda _: lie)
    assert "YouTube" in scene.refused()
    assert scene.youtube.count("PUT") < 20


def test_a_service_that_is_away_is_asked_six_times_with_longer_and_longer_rests(
    scene: Scene, rests: list[float]
) -> None:
    scene.youtube.faults = [Fault("POST", status=503, times=99)]
    assert "HTTP 503; upload it again later" in scene.refused()
    assert rests == [0.25, 1, 4, 16, 60]
    assert scene.youtube.count("POST") == 6


@pytest.mark.parametrize(
    "title",
    [
        'quotes " and \\ back\\\\slashes \\"',
        "lines\nand\ttabs\x00\x01\x1f\x7f",
        "\U0001f981 lion, Löwe, שָׁלוֹם, 𝄞𝄞𝄞 and é" + "x" * 40 + "\U0001f600",
        "\u2028\u2029\ufeff\ufffd\ud7ff\ue000",
        '{"a": [1, 2]}',
    ],
)
def test_every_letter_of_a_title_arrives(scene: Scene, title: str) -> None:
    scene.film.write_bytes(b"short")
    sent = scene.upload(title, description=title[::-1], tags=[title])
    snippet = scene.youtube.resources[sent["video"]]["snippet"]
    assert (snippet["title"], snippet["description"]) == (title, title[::-1])
    assert snippet["tags"] == [title]
    assert scene("list_uploads")["uploads"][0]["title"] == title


def test_what_is_missing_is_said_before_anything_is_sent(scene: Scene) -> None:
    plugins = scene.studio.plugins
    with pytest.raises(PluginError, match="title"):
        scene("upload", film=str(scene.film), settings={})
    with pytest.raises(PluginError, match="privacy"):
        scene.upload(privacy="secret")
    with pytest.raises(PluginError, match="it is no name of a video"):
        scene("get_status", video="a&b=c")
    with pytest.raises(PluginError, match="nothing was uploaded yet"):
        scene("get_status")
    scene.film.write_bytes(b"")
    assert "film.mp4 is empty" in scene.refused()
    assert scene.youtube.seen == []
    plugins.revoke(ID, "account:youtube")
    scene.film.write_bytes(b"short")
    assert "account:youtube is not granted" in scene.refused()
    with pytest.raises(PluginError, match=r"www\.googleapis\.com is not allowed"):
        plugins.call(ID, "authorize")
    assert scene.youtube.seen == []


def test_an_account_that_is_not_connected_is_named(scene: Scene) -> None:
    scene.accounts = accounts_at(scene.server, "youtube")
    scene.restart()
    with pytest.raises(PluginError, match=r"tl\.accounts\.connect\('youtube'\)"):
        scene("authorize")
    assert r"tl.accounts.connect('youtube')" in scene.refused()
    assert scene.youtube.seen == []


def test_a_film_that_changes_while_it_is_sent_is_not_sent_on(scene: Scene) -> None:
    changed = threading.Event()
    # The first piece waits for that, whoever has the processor.
    scene.youtube.after_piece = lambda: changed.wait(200)

    def change() -> None:
        if not changed.is_set() and scene.youtube.sessions:
            changed.set()
            with scene.film.open("r+b") as file:
                file.write(b"another film")

    args = {
        "film": str(scene.film),
        "settings": {"title": "Lake"},
        "server": scene.youtube.address,
        "part_mib": 1,
    }
    with pytest.raises(PluginError, match=r"film\.mp4 was changed while it was sent"):
        scene.studio.plugins.call(ID, "upload", args, check=change)
    assert scene.sent == []


def test_100_uploads_are_remembered(scene: Scene) -> None:
    scene.film.write_bytes(b"short")
    kept = [{"title": "x" * 100, "video": f"v{n}", "film": "f"} for n in range(100)]
    store = scene.studio.plugins._store_of(ID)
    store.put("uploads", json.dumps(kept))
    sent = scene.upload()
    uploads = scene("list_uploads")["uploads"]
    assert len(uploads) == 100
    assert [uploads[0]["video"], uploads[1]["video"]] == [sent["video"], "v0"]
