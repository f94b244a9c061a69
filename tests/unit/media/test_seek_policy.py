"""The policy of seeks, over a film with a keyframe every ten or fifty frames."""

from timeline_nb.media.seek_policy import SeekDecision, SeekPolicy


def policy(gop: int, *, count: int = 1000, kept: int = 8) -> SeekPolicy:
    return SeekPolicy(lambda number: number // gop * gop, count, kept=kept)


def test_the_first_frame_is_sought() -> None:
    decision = policy(50).decide(0, -1, is_decoding=False)
    assert decision == SeekDecision(0, alone=False, skips=False)


def test_a_seek_lands_at_the_keyframe_before_and_skips_on_the_way() -> None:
    decision = policy(50).decide(127, 300, is_decoding=True)
    assert decision == SeekDecision(100, alone=False, skips=True)


def test_the_next_frame_is_decoded_on_to() -> None:
    assert policy(50).decide(101, 100, is_decoding=True) == SeekDecision(None)
    # Eight frames are kept: all of them may be stepped back to.
    assert policy(50).decide(108, 100, is_decoding=True) == SeekDecision(None)


def test_what_is_further_than_the_kept_frames_is_hurried_to() -> None:
    decision = policy(50).decide(140, 100, is_decoding=True)
    assert decision == SeekDecision(None, skips=True)


def test_a_keyframe_within_sixteen_frames_is_decoded_on_to() -> None:
    assert policy(50).decide(103, 84, is_decoding=True).keyframe is None
    assert policy(50).decide(103, 83, is_decoding=True).keyframe == 100


def test_a_step_back_and_a_repeat_seek() -> None:
    assert policy(50).decide(110, 110, is_decoding=True).keyframe == 100
    assert policy(50).decide(109, 110, is_decoding=True).keyframe == 100


def test_a_decoder_that_cannot_go_on_seeks() -> None:
    assert policy(50).decide(101, 100, is_decoding=False).keyframe == 100


def test_the_third_seek_in_a_row_decodes_its_frame_alone() -> None:
    chosen = policy(10)
    ways = [chosen.decide(n, n + 40, is_decoding=True) for n in (500, 300, 700)]
    assert [decision.alone for decision in ways] == [False, False, True]


def test_a_step_ends_a_row_of_seeks() -> None:
    chosen = policy(10)
    for number in (500, 300):
        chosen.decide(number, number + 40, is_decoding=True)
    chosen.decide(301, 300, is_decoding=True)
    assert not chosen.decide(700, 301, is_decoding=True).alone


def test_no_frame_is_alone_where_the_next_keyframe_is_far() -> None:
    # From a keyframe in 250 frames the next request may well be decoded on.
    chosen = policy(250)
    ways = [chosen.decide(n, n + 40, is_decoding=True) for n in (500, 300, 700, 10)]
    assert not any(decision.alone for decision in ways)
