"""Instagram's resumable uploads, against a stand-in that behaves as documented."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from publishing_scene import Scene, stopping
from stand_ins.instagram import InstagramStandIn, error
from stand_ins.server import Fault

from timeline_nb.errors import JobCancelledError, PublishError
from timeline_nb.publishing.publisher import Extras


@pytest.fixture
def instagram() -> Iterator[InstagramStandIn]:
    with InstagramStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def scene(tmp_path: Path, instagram: InstagramStandIn) -> Scene:
    return Scene(tmp_path, "instagram", instagram)


def test_a_reel_is_uploaded_processed_and_published(
    scene: Scene, instagram: InstagramStandIn, bunny: Path
) -> None:
    made = scene.publish(
        bunny,
        title="Bunny",
        tags=["film"],
        privacy="public",
        extras=Extras(thumbnail_at=Fraction(3, 2)),
    )
    (name,) = instagram.films
    assert bytes(instagram.films[name]) == bunny.read_bytes()
    assert instagram.published == [name]
    assert instagram.fields[name]["caption"] == "Bunny\n\n#film"
    assert instagram.fields[name]["thumb_offset"] == "1500"
    assert made.url == "https://www.instagram.com/reel/AbC_1/"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", "/ig-api-upload", keep_bytes=300_000),
        Fault("POST", "/ig-api-upload", status=503),
        Fault("POST", "/ig-api-upload", lose_answer=True),
        Fault("POST", "/media_publish", lose_answer=True),
    ],
    ids=str,
)
def test_what_breaks_goes_on_and_is_published_once(
    scene: Scene, instagram: InstagramStandIn, bunny: Path, fault: Fault
) -> None:
    instagram.faults.append(fault)
    scene.publish(bunny, privacy="public")
    (name,) = instagram.films
    assert bytes(instagram.films[name]) == bunny.read_bytes()
    assert instagram.received == len(bunny.read_bytes())
    assert instagram.published == [name]


def test_an_upload_goes_on_after_it_was_cancelled(
    scene: Scene, instagram: InstagramStandIn, bunny: Path
) -> None:
    instagram.pace_bps = 80_000_000
    with pytest.raises(JobCancelledError):
        scene.publish(bunny, privacy="public", reporter=stopping(700_000))
    scene.publish(bunny, privacy="public")
    (film,) = instagram.films.values()
    assert bytes(film) == bunny.read_bytes()


def test_an_account_that_is_not_professional_says_what_to_do(
    scene: Scene, instagram: InstagramStandIn, bunny: Path
) -> None:
    instagram.account = ""
    with pytest.raises(PublishError, match=r"professional one .* Instagram app"):
        scene.publish(bunny, privacy="public")


def test_a_refused_local_file_says_what_to_do(
    scene: Scene, instagram: InstagramStandIn, bunny: Path
) -> None:
    instagram.refusal = error(100, "upload_type is not supported")
    with pytest.raises(PublishError, match=r"local file .* in the Instagram app"):
        scene.publish(bunny, privacy="public")


def test_accounts_of_instagram_login_are_asked_by_its_own_way(
    tmp_path: Path, instagram: InstagramStandIn, bunny: Path
) -> None:
    own = "IGAA-token"
    instagram.tokens = {own}
    scene = Scene(tmp_path, "instagram", instagram, token=own)
    scene.publish(bunny, privacy="public")
    assert len(instagram.published) == 1
    assert instagram.count("GET", "/me/accounts") == 0
