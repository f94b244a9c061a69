"""Vimeo and tus 1.0.0, against a stand-in that behaves as documented."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from publishing_scene import PART_BYTES, Scene, stopping
from stand_ins.server import Fault, Reply, Request
from stand_ins.vimeo import VimeoStandIn

from timeline_nb.errors import JobCancelledError, PublishError
from timeline_nb.publishing.publisher import Extras


@pytest.fixture
def vimeo() -> Iterator[VimeoStandIn]:
    with VimeoStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def scene(tmp_path: Path, vimeo: VimeoStandIn) -> Scene:
    return Scene(tmp_path, "vimeo", vimeo)


def test_a_film_arrives_with_all_that_goes_with_it(
    scene: Scene, vimeo: VimeoStandIn, bunny: Path
) -> None:
    blue = np.full((360, 640, 3), (0, 0, 200), np.uint8)
    made = scene.publish(
        bunny,
        description="Five seconds",
        tags="animation, open film",
        privacy="unlisted",
        language="de",
        extras=Extras(thumbnail=blue, captions="1\n..."),
    )
    assert bytes(vimeo.films["1000"]) == bunny.read_bytes()
    assert made.url == "https://vimeo.com/1000/0a1b2c3d4e"
    fields = vimeo.fields["1000"]
    assert fields["privacy"] == {"view": "unlisted"}
    assert (fields["name"], fields["description"]) == ("A film", "Five seconds")
    assert vimeo.tags["1000"] == ["animation", "open film"]
    assert vimeo.files["picture1000"].startswith(b"\xff\xd8\xff")
    assert vimeo.active == ["1000"]
    assert vimeo.tracks["1000"]["language"] == "de"
    assert vimeo.files["track1000"] == b"1\n..."
    assert made.warnings == ()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("PATCH", "/tus", skip=1, status=503),
        Fault("PATCH", "/tus", skip=1, status=460),
        Fault("PATCH", "/tus", skip=1, status=409),
        Fault("PATCH", "/tus", skip=1, lose_answer=True),
        Fault("PATCH", "/tus", skip=1, keep_bytes=77_777),
        Fault("PATCH", "/tus", skip=4, lose_answer=True),
        Fault("HEAD", "/tus", status=500),
    ],
    ids=str,
)
def test_what_passes_is_waited_for(
    scene: Scene, vimeo: VimeoStandIn, bunny: Path, fault: Fault
) -> None:
    if fault.method == "HEAD":
        vimeo.faults.append(Fault("PATCH", "/tus", keep_bytes=1000))
    vimeo.faults.append(fault)
    scene.publish(bunny)
    assert fault.times == 0
    assert bytes(vimeo.films["1000"]) == bunny.read_bytes()
    # tus keeps every byte that arrived: none comes twice.
    assert vimeo.received == len(bunny.read_bytes())


def test_an_upload_goes_on_where_the_server_has_it(
    scene: Scene, vimeo: VimeoStandIn, bunny: Path
) -> None:
    with pytest.raises(JobCancelledError):
        scene.publish(bunny, reporter=stopping(2 * PART_BYTES))
    scene.publish(bunny)
    assert list(vimeo.films) == ["1000"]
    assert bytes(vimeo.films["1000"]) == bunny.read_bytes()
    assert vimeo.count("HEAD") == 1


def test_a_link_that_is_over_begins_anew(
    scene: Scene, vimeo: VimeoStandIn, bunny: Path
) -> None:
    with pytest.raises(JobCancelledError):
        scene.publish(bunny, reporter=stopping(PART_BYTES))
    vimeo.gone.add("1000")
    assert scene.publish(bunny).id == "1001"
    assert bytes(vimeo.films["1001"]) == bunny.read_bytes()


def test_a_full_account_is_known_before_anything_is_sent(
    scene: Scene, vimeo: VimeoStandIn, bunny: Path
) -> None:
    vimeo.free_bytes = 100_000
    with pytest.raises(PublishError, match=r"quota has room for 0\.1 MB"):
        scene.publish(bunny)
    assert vimeo.films == {}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(403, {"error_code": 4102, "error": "Too large"}), "quota of this week"),
        (Reply(403, {"error": "No scope"}), r"tl\.accounts\.connect\('vimeo'\)"),
        (Reply(400, {"error_code": 1, "developer_message": "Odd"}), "HTTP 400 Odd"),
    ],
)
def test_refusals_are_in_words(
    scene: Scene, vimeo: VimeoStandIn, bunny: Path, reply: Reply, words: str
) -> None:
    vimeo.refusal = reply
    with pytest.raises(PublishError, match=words):
        scene.publish(bunny)


def test_the_token_is_not_sent_to_the_upload_link(
    tmp_path: Path, vimeo: VimeoStandIn, bunny: Path
) -> None:
    headers: list[dict[str, str]] = []
    answer = vimeo.answer

    def watched(request: Request) -> Reply:
        headers.append(request.headers)
        return answer(request)

    vimeo.answer = watched  # type: ignore[method-assign]
    Scene(tmp_path, "vimeo", vimeo).publish(bunny)
    tus = [one for one in headers if "tus-resumable" in one]
    assert tus
    assert not any("authorization" in one for one in tus)
