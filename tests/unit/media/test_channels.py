import numpy as np
import pytest

from timeline_nb.media.channels import LAYOUTS, fold, named

SURROUND, WIDE = LAYOUTS["5.1"], LAYOUTS["7.1"]
# ITU-R BS.775, annex 4: 3 dB less.
S = 0.70710678


@pytest.mark.parametrize(
    ("source", "layout", "expected"),
    [
        (("FC",), "stereo", [[1], [1]]),
        (("FC",), "mono", [[1]]),
        (("FL",), "stereo", [[1], [1]]),
        (("FL", "FR"), "stereo", [[1, 0], [0, 1]]),
        (("FL", "FR"), "mono", [[0.5, 0.5]]),
        (("FL", "FR", "FC"), "stereo", [[1, 0, S], [0, 1, S]]),
        (SURROUND, "stereo", [[1, 0, S, 0, S, 0], [0, 1, S, 0, 0, S]]),
        (
            ("FL", "FR", "FC", "LFE", "SL", "SR"),
            "stereo",
            [[1, 0, S, 0, S, 0], [0, 1, S, 0, 0, S]],
        ),
        (SURROUND, "mono", [[0.5, 0.5, S, 0, S / 2, S / 2]]),
        (WIDE, "stereo", [[1, 0, S, 0, S, 0, S, 0], [0, 1, S, 0, 0, S, 0, S]]),
        # One channel behind is half on each side, 3 dB softer as a surround.
        (("FL", "FR", "FC", "BC"), "stereo", [[1, 0, S, 0.5], [0, 1, S, 0.5]]),
        (SURROUND, "5.1", np.eye(6)),
        (WIDE, "7.1", np.eye(8)),
    ],
)
def test_channels_come_down_by_bs_775(
    source: tuple[str, ...], layout: str, expected: list[list[float]]
) -> None:
    assert fold(source, layout) == pytest.approx(np.array(expected), abs=1e-7)


def test_the_pair_of_5_1_is_heard_at_the_sides_of_7_1() -> None:
    made = fold(SURROUND, "7.1")
    assert made[WIDE.index("SL")].tolist() == [0, 0, 0, 0, 1, 0]
    assert made[WIDE.index("SR")].tolist() == [0, 0, 0, 0, 0, 1]
    assert not made[[WIDE.index("BL"), WIDE.index("BR")]].any()


def test_both_pairs_of_7_1_have_their_half_of_the_one_of_5_1() -> None:
    made = fold(WIDE, "5.1")
    assert made[:4].tolist() == np.eye(4, 8).tolist()
    assert made[4] == pytest.approx(np.array([0, 0, 0, 0, S, 0, S, 0]), abs=1e-7)


@pytest.mark.parametrize("count", range(1, 17))
def test_of_untold_channels_only_the_low_one_is_left_out(count: int) -> None:
    channels = named(("NONE",) * count)
    heard = fold(channels, "stereo").max(axis=0)
    silent = [n for n in range(count) if heard[n] == 0]
    assert silent == ([3] if 6 <= count <= 8 else [])
