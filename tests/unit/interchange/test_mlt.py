"""Times and keyframes of MLT; documents that are refused by what is wrong."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_time import at_once

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.mlt import read
from timeline_nb.interchange.mlt.animation import animation_of
from timeline_nb.interchange.mlt.clock import clock_text, frames_of
from timeline_nb.interchange.mlt.curves import points_of
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.timeline.model import Clip, Timeline

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("text", "rate", "frames"),
    [
        ("125", 25, 125),
        ("125.7", 25, 125),
        ("-1", 25, -1),
        ("00:00:05.040", 25, 126),
        ("00:00:05,040", 25, 126),
        ("01:00.52", 25, 1513),
        ("00:01:00:05", 25, 1505),
        ("00:01:00;02", NTSC, 1802),
        ("00:00:-0.033", 30, -1),
        ("00:10:00.000", NTSC, 17982),
        ("", 25, None),
        ("x", 25, None),
        ("1:2:3:4:5", 25, None),
        ("9" * 40, 25, None),
        (str(2**31), 25, None),
    ],
)
def test_a_time_is_a_number_of_frames(
    text: str, rate: Fraction | int, frames: int | None
) -> None:
    assert frames_of(text, Fraction(rate)) == frames


@given(st.integers(0, 10_000_000), st.sampled_from([Fraction(25), NTSC, Fraction(60)]))
def test_a_clock_is_read_as_it_was_written(frames: int, rate: Fraction) -> None:
    assert frames_of(clock_text(frames, rate), rate) == frames


def test_an_animation_has_times_curves_and_numbers() -> None:
    def frames(text: str) -> int | None:
        return frames_of(text, Fraction(25))

    found = animation_of("0=0 10% 1.5;00:00:01.000|=4 5 6;-1~=7 8 9", frames, length=50)
    assert found is not None
    assert found.keys == (
        (0, (0.0, 0.1, 1.5), "linear"),
        (25, (4.0, 5.0, 6.0), "hold"),
        (49, (7.0, 8.0, 9.0), "linear"),
    )
    assert not found.is_exact
    for text in ("", "x", "0=1;x=2", "0=1;5=2 3", "0=1e999", f"{'9' * 400}=1"):
        assert animation_of(text, frames) is None


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=40))
def test_points_give_a_curve_at_each_frame(values: list[float]) -> None:
    last = len(values) - 1
    points = points_of(lambda frame: (values[int(frame)],), 0, last, range(last))
    frames = dict(points)
    assert points[0] == (0, (values[0],))
    for frame, value in enumerate(values):
        low = max(at for at in frames if at <= frame)
        high = min((at for at in frames if at >= frame), default=low)
        share = (frame - low) / (high - low) if high > low else 0
        line = frames[low][0] + (frames[high][0] - frames[low][0]) * share
        assert abs(line - value) < 0.01


HEAD = (
    '<mlt><profile width="64" height="48" frame_rate_num="25" frame_rate_den="1"/>'
    '<producer id="p" out="59"><property name="resource">a.mp4</property></producer>'
)


def load(text: str) -> Timeline:
    name = "strange.mlt"
    path = Path(name)
    report = Report(path, "mlt", "import")
    data = text.encode()
    return read(ReadRequest(data=data, name=name, path=path, report=report))


def nested(count: int) -> str:
    rows = (
        f'<tractor id="t{n}"><track producer="t{n - 1}"/></tractor>'
        for n in range(1, count)
    )
    return (
        f'{HEAD}<tractor id="t0"><track producer="p"/></tractor>{"".join(rows)}</mlt>'
    )


REFUSED = {
    "<a/>": "no MLT XML",
    "<mlt/>": "holds no edit",
    f'{HEAD}<playlist id="l"><entry producer="q"/></playlist></mlt>': "no producer 'q'",
    f'{HEAD}<playlist id="l"><entry producer="l"/></playlist></mlt>': "is in itself",
    f'{HEAD}<playlist><entry producer="p" in="{2**70}"/></playlist></mlt>': "in=",
    f'{HEAD}<playlist id="l"><blank length="soon"/></playlist></mlt>': "length='soon'",
    HEAD.replace('num="25"', 'num="0"') + "</mlt>": "rate of 0/1",
    HEAD.replace('num="25"', 'num="x"') + "</mlt>": "no whole number",
    HEAD.replace('"64"', '"70000"') + "</mlt>": "size of 70000x48",
    nested(50_000): "nests tractors more than 8 deep",
    f"{HEAD}{'<tractor>' * 300}": "nests more than 200 deep",
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><mlt>&b;</mlt>': "DOCTYPE",
    HEAD + "<producer id='w'><property name='resource'>0:a.mp4</property><property "
    "name='mlt_service'>timewarp</property></producer></mlt>": "a speed of '0'",
}


@pytest.mark.parametrize("text", REFUSED, ids=list(REFUSED.values()))
def test_what_cannot_be_is_refused_by_its_name_at_once(text: str) -> None:
    with at_once(), pytest.raises(ProjectError, match=REFUSED[text]) as caught:
        load(text)
    assert "strange.mlt" in str(caught.value)


def test_a_file_without_its_media_is_read() -> None:
    edit = load(
        f'{HEAD}<playlist id="l"><entry producer="p" out="24"/></playlist></mlt>'
    )
    (clip,) = (one for one in edit.tracks[0].items if isinstance(one, Clip))
    assert (clip.media.path, edit.size) == ("a.mp4", (64, 48))
    assert clip.duration == 1
