"""TikTok's Content Posting API, against a stand-in that behaves as documented."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from publishing_scene import PART_BYTES, Scene, stopping
from stand_ins.server import Fault
from stand_ins.tiktok import TikTokStandIn, answered

from timeline_nb.errors import JobCancelledError, PublishError
from timeline_nb.publishing.tiktok import parts_of


@pytest.fixture
def tiktok() -> Iterator[TikTokStandIn]:
    with TikTokStandIn() as stand_in:
        # Smaller parts than TikTok's 5 MB: the films of the tests are small.
        stand_in.least_bytes = PART_BYTES
        yield stand_in


@pytest.fixture
def scene(tmp_path: Path, tiktok: TikTokStandIn) -> Scene:
    return Scene(tmp_path, "tiktok", tiktok)


@pytest.mark.parametrize(
    ("size", "part", "count"),
    [
        # The example of the media transfer guide: 50,000,123 bytes in parts of
        # 10,000,000 are 5, of which the last has 10,000,123.
        (50_000_123, 10_000_000, 5),
        (4_000_000, 4_000_000, 1),
        (10_000_001, 10_000_000, 1),
        (19_999_999, 10_000_000, 1),
    ],
)
def test_the_parts_are_those_of_the_guide(size: int, part: int, count: int) -> None:
    assert parts_of(size) == (part, count)


def test_the_largest_film_has_no_more_than_1000_parts_of_at_most_64_mb() -> None:
    part, count = parts_of(10_100_000_000)
    assert count <= 1000
    assert part <= 64_000_000
    assert 10_100_000_000 - (count - 1) * part <= 128_000_000


def test_a_draft_says_what_a_person_has_to_do(
    scene: Scene, tiktok: TikTokStandIn, bunny: Path
) -> None:
    made = scene.publish(bunny, title="Bunny", tags=["film"])
    (film,) = tiktok.films.values()
    assert bytes(film) == bunny.read_bytes()
    assert tiktok.posts == {}
    (warning,) = made.warnings
    assert "finish the post there" in warning
    assert "Bunny" in warning


def test_a_post_has_its_text_and_its_address(
    scene: Scene, tiktok: TikTokStandIn, bunny: Path
) -> None:
    made = scene.publish(bunny, title="Bunny", tags=["film"], privacy="private")
    (post,) = tiktok.posts.values()
    assert post == {"title": "Bunny\n\n#film", "privacy_level": "SELF_ONLY"}
    assert made.url == "https://www.tiktok.com/video/7345"


def test_what_the_account_does_not_offer_is_refused_before_the_upload(
    scene: Scene, tiktok: TikTokStandIn, bunny: Path
) -> None:
    with pytest.raises(PublishError, match="it offers private, public"):
        scene.publish(bunny, privacy="friends")
    assert tiktok.films == {}


@pytest.mark.parametrize(
    "fault",
    [
        Fault("PUT", skip=1, status=500),
        Fault("PUT", skip=1, status=416),
        Fault("PUT", skip=1, lose_answer=True),
        Fault("PUT", skip=2, keep_bytes=50_000),
        Fault("PUT", skip=3, lose_answer=True),
    ],
    ids=str,
)
def test_what_passes_is_waited_for(
    scene: Scene, tiktok: TikTokStandIn, bunny: Path, fault: Fault
) -> None:
    tiktok.faults.append(fault)
    scene.publish(bunny)
    assert fault.times == 0
    (film,) = tiktok.films.values()
    assert bytes(film) == bunny.read_bytes()


def test_an_upload_goes_on_with_the_part_that_is_missing(
    scene: Scene, tiktok: TikTokStandIn, bunny: Path
) -> None:
    with pytest.raises(JobCancelledError):
        scene.publish(bunny, reporter=stopping(2 * PART_BYTES + 1000))
    scene.publish(bunny)
    (film,) = tiktok.films.values()
    assert bytes(film) == bunny.read_bytes()
    assert tiktok.received - len(film) < PART_BYTES


def test_an_address_that_is_over_begins_anew(
    scene: Scene, tiktok: TikTokStandIn, bunny: Path
) -> None:
    with pytest.raises(JobCancelledError):
        scene.publish(bunny, reporter=stopping(PART_BYTES))
    tiktok.gone.update(tiktok.films)
    scene.publish(bunny)
    assert bytes(list(tiktok.films.values())[1]) == bunny.read_bytes()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("spam_risk_too_many_posts", "as much as TikTok allows in a day"),
        (
            "unaudited_client_can_only_post_to_private_accounts",
            "make the TikTok account private",
        ),
        ("scope_not_authorized", r"tl\.accounts\.connect\('tiktok'\)"),
    ],
)
def test_refusals_are_in_words(
    scene: Scene, tiktok: TikTokStandIn, bunny: Path, code: str, words: str
) -> None:
    tiktok.refusal = answered(code=code, status=403)
    with pytest.raises(PublishError, match=words):
        scene.publish(bunny)


def test_a_film_that_tiktok_cannot_use_is_an_error_and_not_continued(
    scene: Scene, tiktok: TikTokStandIn, bunny: Path
) -> None:
    tiktok.fail_reason = "frame_rate_check_failed"
    with pytest.raises(PublishError, match="23 to 60 frames a second"):
        scene.publish(bunny)
    assert scene.entries() == []
