"""Documents by hand; what is expected follows from Apple's DTD and arithmetic."""

from fractions import Fraction
from pathlib import Path

import pytest

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.fcpxml.read_document import edit_of
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatText,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import not_found

RESOURCES = """
<format id="r1" frameDuration="1/25s" width="1920" height="1080"/>
<format id="r24" frameDuration="1/24s" width="1920" height="1080"/>
<asset id="a" name="A" start="0s" duration="60s" hasVideo="1" format="r1" hasAudio="1">
  <media-rep src="file:///films/a%20b.mov"/></asset>
<asset id="b" name="B" start="3600s" duration="60s" hasVideo="1" format="r1">
  <media-rep src="b.mov"/></asset>
<asset id="w" name="W" start="0s" duration="60s" hasAudio="1">
  <media-rep src="w.wav"/></asset>
<effect id="t" name="Basic Title" uid="x"/>
"""


def document(spine: str, *, resources: str = "", sequence: str = 'format="r1"') -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml version="1.10"><resources>'
        f"{RESOURCES}{resources}</resources><library><event><project name='P'>"
        f"<sequence {sequence}><spine>{spine}</spine></sequence></project></event>"
        "</library></fcpxml>"
    )


def read(spine: str, **more: str) -> tuple[FlatEdit, Report]:
    report = Report(Path("a.fcpxml"), "fcpxml", "import")
    text = document(spine, **more)
    return edit_of(text.encode(), "a.fcpxml", report, not_found), report


def told(*values: object) -> tuple[object, ...]:
    """Values of any types, to be compared with numbers that are equal."""
    return values


def track(edit: FlatEdit, kind: str, number: int = 0) -> FlatTrack:
    return [one for one in edit.tracks if one.kind == kind][number]


def rows(own: FlatTrack) -> list[tuple[float, float, str, float]]:
    """Start and duration in frames, name, and the first second of media."""
    return [
        (float(c.start), float(c.duration), c.name, float(c.source_start))
        for c in own.clips
    ]


def test_a_clip_has_its_picture_and_its_sound() -> None:
    edit, report = read('<asset-clip ref="a" name="one" start="4s" duration="2s"/>')
    (picture,), (sound,) = track(edit, "video").clips, track(edit, "audio").clips
    for clip in (picture, sound):
        assert told(clip.start, clip.duration, clip.source_start) == (0, 50, 4)
    assert picture.media.path == "/films/a b.mov"
    assert picture.link == sound.link != ""
    assert report.is_exact


def test_starts_are_counted_in_the_timecode_of_media_and_sequence() -> None:
    edit, _ = read(
        '<gap offset="3600s" start="3600s" duration="1s"/>'
        '<asset-clip ref="b" offset="3601s" start="3605s" duration="2s"/>',
        sequence='format="r1" tcStart="3600s" tcFormat="NDF"',
    )
    assert rows(track(edit, "video")) == [(25, 50, "B", 5)]
    assert track(edit, "video").clips[0].media.timecode == 3600
    assert edit.start_frame == 90_000


def test_connected_clips_are_placed_in_the_time_of_their_parent() -> None:
    edit, _ = read(
        '<asset-clip ref="a" name="one" start="10s" duration="4s">'
        '<asset-clip ref="b" name="over" lane="1" offset="11s" duration="2s"/>'
        '<asset-clip ref="w" name="music" lane="-1" offset="10s" duration="8s"/>'
        "</asset-clip>"
        '<gap start="3600s" duration="4s">'
        '<asset-clip ref="b" name="late" lane="1" offset="3601s" duration="1s"/></gap>'
    )
    assert rows(track(edit, "video", 1)) == [
        (25, 50, "over", 0),
        (125, 25, "late", 0),
    ]
    # It reaches beyond what it is connected to.
    assert rows(track(edit, "audio", 1)) == [(0, 200, "music", 0)]


def test_a_secondary_storyline_counts_from_its_start() -> None:
    edit, _ = read(
        '<gap start="3600s" duration="10s"><spine lane="1" offset="3602s">'
        '<asset-clip ref="b" name="x" start="3600s" duration="1s"/>'
        '<gap duration="1s"/>'
        '<asset-clip ref="b" name="y" offset="2s" start="3600s" duration="1s"/>'
        "</spine></gap>"
    )
    assert rows(track(edit, "video")) == [(50, 25, "x", 0), (100, 25, "y", 0)]


def test_a_time_map_is_the_speed_in_adjusted_time() -> None:
    # Twice as fast: adjusted second 5 shows second 10 of the media.
    edit, _ = read(
        '<asset-clip ref="a" start="5s" duration="2s"><timeMap>'
        '<timept time="0s" value="0s"/><timept time="30s" value="60s"/>'
        "</timeMap></asset-clip>"
    )
    (clip,) = track(edit, "video").clips
    assert told(clip.source_start, clip.speed, clip.ramp) == (10, 2, ())


def test_a_falling_time_map_runs_backwards() -> None:
    edit, _ = read(
        '<asset-clip ref="a" start="0s" duration="2s"><timeMap>'
        '<timept time="0s" value="60s"/><timept time="60s" value="0s"/>'
        "</timeMap></asset-clip>"
    )
    (clip,) = track(edit, "video").clips
    assert told(clip.source_start, clip.speed) == (60, -1)


def test_a_level_time_map_holds_a_frame() -> None:
    edit, _ = read(
        '<asset-clip ref="a" start="0s" duration="2s"><timeMap>'
        '<timept time="0s" value="7s"/><timept time="9s" value="7s"/>'
        "</timeMap></asset-clip>"
    )
    (clip,) = track(edit, "video").clips
    assert told(clip.source_start, clip.speed) == (7, 0)


def test_several_points_are_speeds_that_hold() -> None:
    # 2 s at twice the speed, then 2 s at half of it.
    edit, report = read(
        '<asset-clip ref="a" start="0s" duration="4s"><timeMap>'
        '<timept time="0s" value="0s"/><timept time="2s" value="4s"/>'
        '<timept time="4s" value="5s"/></timeMap></asset-clip>'
    )
    (clip,) = track(edit, "video").clips
    assert [told(k.frame, k.value, k.interpolation) for k in clip.ramp] == [
        (0, 2.0, "hold"),
        (50, 0.5, "hold"),
    ]
    assert [one.what for one in report.approximated] == ["the speed"]


def test_conformed_media_play_frame_by_frame() -> None:
    # Times that Final Cut wrote: 3,551 frames of 25 a second last 3551/24 s at 24.
    edit, report = read(
        '<asset-clip ref="a" start="1s" duration="25/24s">'
        '<conform-rate srcFrameRate="25"/>'
        '<asset-clip ref="w" lane="-1" offset="2s" duration="1s"/></asset-clip>',
        sequence='format="r24"',
    )
    (clip,) = track(edit, "video").clips
    assert told(clip.duration, clip.source_start, clip.speed) == (
        25,
        1,
        Fraction(24, 25),
    )
    # A second of its own time is 25 frames, so 25/24 s of the edit.
    assert track(edit, "audio", 1).clips[0].start == 25
    assert "rate conforming" in [one.what for one in report.kept]


def test_rates_that_are_not_scaled_play_in_real_time() -> None:
    edit, _ = read(
        '<asset-clip ref="a" start="1s" duration="1s">'
        '<conform-rate scaleEnabled="0" srcFrameRate="25"/></asset-clip>',
        sequence='format="r24"',
    )
    assert track(edit, "video").clips[0].speed == 1


def test_a_transition_lies_across_its_cut() -> None:
    edit, _ = read(
        '<asset-clip ref="b" offset="0s" start="3602s" duration="4s"/>'
        '<transition name="Cross Dissolve" offset="88/25s" duration="20/25s">'
        "<filter-video ref='t'/></transition>"
        '<asset-clip ref="b" offset="4s" start="3602s" duration="4s"/>'
    )
    (item,) = [i for i in track(edit, "video").items if isinstance(i, FlatTransition)]
    assert told(item.at, item.in_offset, item.out_offset) == (100, 12, 8)


def test_a_transition_without_offsets_lies_over_both_clips() -> None:
    # The example of the DTD: 5 s, a transition of 2 s, 5 s: 8 s in all.
    edit, _ = read(
        '<asset-clip ref="b" start="3600s" duration="5s"/><transition duration="2s"/>'
        '<asset-clip ref="b" start="3610s" duration="5s"/>'
    )
    assert rows(track(edit, "video")) == [(0, 100, "B", 0), (100, 100, "B", 11)]
    (item,) = [i for i in track(edit, "video").items if isinstance(i, FlatTransition)]
    assert told(item.at, item.in_offset, item.out_offset) == (100, 25, 25)
    assert edit.duration == 200


def test_a_transition_at_an_edge_is_a_fade() -> None:
    edit, _ = read(
        '<transition name="Cross Dissolve" offset="0s" duration="1s"/>'
        '<asset-clip ref="b" offset="0s" start="3600s" duration="5s"/>'
    )
    assert track(edit, "video").clips[0].fade_in == 25


def test_sound_may_begin_before_its_picture() -> None:
    edit, _ = read(
        '<gap duration="2s"/>'
        '<asset-clip ref="a" start="10s" duration="4s" audioStart="9s" '
        'audioDuration="6s"/>'
    )
    assert rows(track(edit, "video")) == [(50, 100, "A", 10)]
    assert rows(track(edit, "audio")) == [(25, 150, "A", 9)]


def test_the_adjustments_of_a_clip() -> None:
    edit, _ = read(
        '<asset-clip ref="a" start="0s" duration="4s">'
        '<adjust-conform type="fill"/>'
        '<adjust-transform position="50 -25" scale="2 2" rotation="-30"/>'
        '<adjust-blend amount="0.5" mode="14 (Overlay)"><param name="amount">'
        '<fadeIn type="linear" duration="1s"/></param></adjust-blend>'
        '<adjust-volume amount="-6dB"><param name="amount">'
        '<fadeOut duration="2s"/><keyframeAnimation>'
        '<keyframe time="1s" value="-6dB"/><keyframe time="2s" value="0dB"/>'
        "</keyframeAnimation></param></adjust-volume></asset-clip>"
    )
    (picture,), (sound,) = track(edit, "video").clips, track(edit, "audio").clips
    own = picture.transform
    # 50 percent of 1080 lines are 540 of 1920 px; 25 down are a quarter.
    assert own.position == pytest.approx((0.5 + 540 / 1920, 0.75))
    assert told(own.fit, own.scale, own.rotation_deg) == ("fill", 2, 30)
    assert told(own.opacity, own.blend, picture.fade_in) == (0.5, "overlay", 25)
    assert told(sound.gain_db, sound.fade_out) == (-6, 50)
    assert [told(k.frame, k.value) for k in sound.keys("gain_db")] == [
        (25, -6),
        (50, 0),
    ]


def test_a_compound_clip_is_a_nested_edit() -> None:
    edit, _ = read(
        '<ref-clip ref="m" start="11s" duration="2s"/>',
        resources='<media id="m" name="inner"><sequence format="r24" tcStart="10s">'
        '<spine><asset-clip ref="b" offset="10s" start="3600s" duration="9s"/></spine>'
        "</sequence></media>",
    )
    (clip,) = track(edit, "video").clips
    assert clip.source_start == 1
    assert clip.media.edit is not None
    assert told(clip.media.edit.name, clip.media.edit.rate) == ("inner", 24)
    assert clip.media.edit.duration == 9 * 24


def test_what_is_in_a_clip_is_cut_to_it() -> None:
    edit, _ = read(
        '<clip name="c" start="3602s" duration="2s" offset="0s">'
        '<video ref="b" offset="3600s" start="3600s" duration="60s">'
        '<audio ref="w" lane="-1" offset="3601s" start="0s" duration="60s"/></video>'
        '<title ref="t" lane="1" offset="3603s" name="late" start="3600s" '
        'duration="4s"><text><text-style>Hi</text-style></text></title></clip>'
    )
    assert rows(track(edit, "video")) == [(0, 50, "B", 2)]
    assert rows(track(edit, "audio")) == [(0, 50, "W", 1)]
    # What is connected to it is not cut.
    title = track(edit, "video", 1).clips[0]
    assert told(title.start, title.duration) == (25, 100)
    assert title.media.generator is not None
    assert title.media.generator.parameters["text"] == "Hi"


def test_the_speed_of_a_clip_is_that_of_what_is_in_it() -> None:
    edit, _ = read(
        '<clip start="0s" duration="2s"><timeMap><timept time="0s" value="0s"/>'
        '<timept time="10s" value="20s"/></timeMap>'
        '<video ref="a" offset="0s" duration="60s"/></clip>'
    )
    (clip,) = track(edit, "video").clips
    assert told(clip.start, clip.duration, clip.speed) == (0, 50, 2)


MULTICAM = """<media id="mc" name="cams"><multicam format="r1" tcStart="0s">
<mc-angle name="one" angleID="1"><asset-clip ref="a" name="one" duration="20s"/>
</mc-angle>
<mc-angle name="two" angleID="2"><gap duration="1s"/>
<asset-clip ref="b" name="two" offset="1s" start="3600s" duration="20s"/></mc-angle>
</multicam></media>"""


def test_a_multicam_clip_shows_its_angles() -> None:
    edit, _ = read(
        '<mc-clip ref="mc" start="3s" duration="4s">'
        '<mc-source angleID="2" srcEnable="video"/>'
        '<mc-source angleID="1" srcEnable="audio"/></mc-clip>',
        resources=MULTICAM,
    )
    assert rows(track(edit, "video")) == [(0, 100, "two", 2)]
    assert rows(track(edit, "audio")) == [(0, 100, "one", 3)]


def test_disabled_clips_are_on_disabled_tracks() -> None:
    edit, _ = read(
        '<asset-clip ref="b" name="on" start="3600s" duration="1s"/>'
        '<asset-clip ref="b" name="off" start="3600s" duration="1s" enabled="0"/>'
    )
    tracks = {one.clips[0].name: one.enabled for one in edit.tracks}
    assert tracks == {"on": True, "off": False}


def test_markers_chapters_and_captions() -> None:
    edit, _ = read(
        '<asset-clip ref="b" start="3602s" duration="4s">'
        '<caption lane="1" offset="3603s" start="3600s" duration="1s" '
        'role="SRT?captionFormat=SRT.de"><text><text-style>eins\nzwei</text-style>'
        "</text></caption>"
        '<marker start="3604s" duration="1/25s" value="todo" completed="0" note="n"/>'
        '<chapter-marker start="3605s" value="end"/></asset-clip>'
    )
    (clip,) = track(edit, "video").clips
    ((marker),) = clip.markers
    assert told(marker.start, marker.name, marker.color) == (50, "todo", "red")
    assert marker.note == "n"
    assert [told(m.start, m.name) for m in edit.markers] == [(75, "end")]
    lines = track(edit, "subtitle")
    assert lines.name == "S1 de"
    (line,) = [item for item in lines.items if isinstance(item, FlatText)]
    assert told(line.start, line.duration, line.text) == (25, 25, "eins\nzwei")


def test_the_first_choice_of_an_audition_is_read() -> None:
    edit, report = read(
        '<audition><asset-clip ref="b" name="x" start="3600s" duration="1s"/>'
        '<asset-clip ref="b" name="y" start="3600s" duration="2s"/></audition>'
        '<asset-clip ref="b" name="z" start="3600s" duration="1s"/>'
    )
    assert [told(c.name, c.start) for c in track(edit, "video").clips] == [
        ("x", 0),
        ("z", 25),
    ]
    assert "1 more choices of the audition" in [one.what for one in report.lost]


def test_a_sound_of_several_channels_is_one_clip() -> None:
    edit, report = read(
        '<clip start="0s" duration="2s"><audio ref="w" offset="0s" duration="60s" '
        'srcCh="1"><audio ref="w" lane="-1" offset="0s" duration="60s" srcCh="2"/>'
        "</audio></clip>"
    )
    assert [len(one.clips) for one in edit.tracks] == [1]
    assert [one.what for one in report.approximated] == ["the channels"]


def test_another_project_is_named() -> None:
    text = document("").replace(
        "</event>",
        "<project name='Q'><sequence format='r24'><spine/></sequence></project>"
        "</event>",
    )
    report = Report(Path("a.fcpxml"), "fcpxml", "import")
    edit = edit_of(text.encode(), "a", report, not_found, project="Q")
    assert told(edit.name, edit.rate) == ("Q", 24)
    assert report.is_exact
    assert edit_of(text.encode(), "a", report, not_found).name == "P"
    assert [one.what for one in report.lost] == ["1 more project"]
    with pytest.raises(ProjectError, match="did you mean 'Q'"):
        edit_of(text.encode(), "a", report, not_found, project="q")


def test_clips_of_an_event_follow_one_another() -> None:
    text = (
        f"<fcpxml version='1.10'><resources>{RESOURCES}</resources><event>"
        "<asset-clip ref='b' name='x' start='3600s' duration='1s'/>"
        "<asset-clip ref='b' name='y' start='3602s' duration='1s'/></event></fcpxml>"
    )
    report = Report(Path("a.fcpxml"), "fcpxml", "import")
    edit = edit_of(text.encode(), "a.fcpxml", report, not_found)
    assert rows(track(edit, "video")) == [(0, 25, "x", 0), (25, 25, "y", 2)]


@pytest.mark.parametrize(
    ("spine", "words"),
    [
        ('<asset-clip ref="x" duration="1s"/>', "ref of asset-clip is 'x', but"),
        ('<asset-clip ref="b" duration="1/0s"/>', "duration of asset-clip is '1/0s'"),
        (f'<gap duration="{2**70}s"/>', "64 bits"),
        ('<gap duration="-1s"/>', "below 0"),
        ('<gap lane="x" duration="1s"/>', "lane of gap is 'x'"),
        ("<gap/>", "duration of gap is missing"),
        ('<ref-clip ref="a" duration="1s"/>', "have no media of that id"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(spine: str, words: str) -> None:
    with pytest.raises(ProjectError, match=rf"a\.fcpxml, line \d+: .*{words}|{words}"):
        read(spine)


def test_a_compound_clip_that_shows_itself_is_refused() -> None:
    inner = '<ref-clip ref="m" duration="1s"/>'
    with pytest.raises(ProjectError, match="'m', which shows itself"):
        read(
            '<ref-clip ref="m" duration="1s"/>',
            resources='<media id="m"><sequence format="r1">'
            f"<spine>{inner}</spine></sequence></media>",
        )


def test_compound_clips_that_multiply_are_refused() -> None:
    # Eight levels of ten: ten million clips.
    levels = "".join(
        f'<media id="m{n}"><sequence format="r1"><spine>'
        + f'<ref-clip ref="m{n + 1}" duration="1s"/>' * 10
        + "</spine></sequence></media>"
        for n in range(6)
    )
    last = (
        '<media id="m6"><sequence format="r1"><spine>'
        + '<asset-clip ref="b" start="3600s" duration="1s"/>' * 10
        + "</spine></sequence></media>"
    )
    with pytest.raises(ProjectError, match="more than 50,000 clips"):
        read('<ref-clip ref="m0" duration="1s"/>', resources=levels + last)


def test_a_multicam_that_shows_itself_is_refused() -> None:
    with pytest.raises(ProjectError, match=r"clips deep|more than 50,000"):
        read(
            '<mc-clip ref="mc" duration="1s"/>',
            resources='<media id="mc"><multicam format="r1"><mc-angle angleID="1">'
            '<mc-clip ref="mc" duration="1s"/><mc-clip ref="mc" duration="1s"/>'
            "</mc-angle></multicam></media>",
        )


def test_other_xml_is_refused() -> None:
    report = Report(Path("a.fcpxml"), "fcpxml", "import")
    for data in (b"<xmeml/>", b"", b"\0\1", b"<fcpxml>", b"<fcpxml version='1.10'/>"):
        with pytest.raises(ProjectError, match=r"a\.fcpxml"):
            edit_of(data, "a.fcpxml", report, not_found)


def test_a_clip_knows_what_it_shows() -> None:
    edit, _ = read('<asset-clip ref="b" start="3601s" duration="1s"/>')
    (clip,) = track(edit, "video").clips
    assert isinstance(clip, FlatClip)
    assert clip.media.size == (1920, 1080)
    assert clip.media.available is not None
    assert clip.media.available.duration == 60
