"""MLT XML of others, and of ours, read as edits: the same clips at the same frames."""

import subprocess
from dataclasses import replace as with_fields
from fractions import Fraction
from pathlib import Path

import pytest
from media_factory import Clips
from melt import written
from mlt_scenes import PLACED, SAME_FRAMES, Scene, edit_of
from msgspec.structs import replace

from timeline_nb.compose.reference import reference_of
from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatMedia
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.mlt import read
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import FoundMedia, ReadRequest
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Marker,
    MediaReference,
    Timeline,
    Transition,
)

RATE = Fraction(25)


@pytest.fixture
def scene(clips: Clips, library: MediaLibrary) -> Scene:
    return Scene(clips, library)


def read_file(path: Path, library: MediaLibrary) -> tuple[Timeline, Report]:
    def find(name: str) -> FoundMedia:
        if not Path(name).is_file():
            return FoundMedia(MediaReference(path=name))
        reference = reference_of(library.probe(name), library)
        return FoundMedia(reference, is_there=True)

    report = Report(path, "mlt", "import")
    request = ReadRequest(
        data=path.read_bytes(), name=path.name, path=path, report=report, find=find
    )
    return read(request), report


def flat(timeline: Timeline) -> FlatEdit:
    """An edit as it is shown, without what no one sees or hears of a clip."""
    edit = flatten(timeline, Report(Path("t"), "mlt", "export"), whole_frames=False)

    def shown(clip: FlatClip, kind: str) -> FlatClip:
        silent = {"gain_db", "pan"} if kind == "video" else {"position", "scale"}
        keys = sorted(pair for pair in clip.keyframes if pair[0] not in silent)
        clip = with_fields(clip, keyframes=tuple(keys), media=media(clip))
        if kind == "video":
            return with_fields(clip, gain_db=0.0, pan=0.0)
        return with_fields(clip, transform=FlatClip.transform)

    def media(clip: FlatClip) -> FlatMedia:
        inner = clip.media.edit
        own = with_fields(clip.media, available=None) if inner else clip.media
        return with_fields(own, edit=tracks(inner)) if inner else own

    def tracks(edit: FlatEdit) -> FlatEdit:
        rows = (
            with_fields(
                track,
                items=tuple(
                    shown(one, track.kind) if isinstance(one, FlatClip) else one
                    for one in track.items
                ),
            )
            for track in edit.tracks
        )
        return with_fields(edit, tracks=tuple(rows))

    return tracks(edit)


def place_of(clip: FlatClip) -> list[Fraction | int]:
    """Start, duration and the first frame of the media."""
    return [clip.start, clip.duration, clip.source_start * RATE]


@pytest.mark.parametrize("name", sorted(SAME_FRAMES.keys() - {"between frames"}))
def test_an_edit_that_was_written_is_read_as_it_was(
    scene: Scene, name: str, tmp_path: Path
) -> None:
    edit = SAME_FRAMES[name](scene)
    written(edit, tmp_path / "t.mlt")
    again, report = read_file(tmp_path / "t.mlt", scene.library)
    assert flat(again) == flat(edit)
    assert report.is_exact


@pytest.mark.parametrize("name", PLACED)
def test_places_come_back(scene: Scene, name: str, tmp_path: Path) -> None:
    edit = edit_of(PLACED[name](scene), heard=scene.cut(5, 20))
    written(edit, tmp_path / "t.mlt")
    again, report = read_file(tmp_path / "t.mlt", scene.library)
    assert flat(again).tracks[0] == flat(edit).tracks[0]
    assert report.is_exact


def test_what_is_lost_is_in_the_report(scene: Scene, tmp_path: Path) -> None:
    blurred = scene.cut(5, 20, effects=(Effect(kind="gaussian_blur"),))
    title = Clip(
        id="t",
        name="hello",
        media=MediaReference(generator=Effect(kind="title"), size=(192, 112)),
        source_range=TimeRange(Fraction(0), Fraction(1)),
    )
    wipe = Transition(kind="wipe", in_offset=2 / RATE, out_offset=2 / RATE)
    edit = edit_of(blurred, wipe, scene.cut(30, 40), title, heard=scene.cut(0, 10))
    found = {(one.what, one.outcome) for one in written(edit, tmp_path / "t.mlt")}
    assert found == {
        ("the effect 'gaussian_blur'", "lost"),
        ("the generator 'title'", "lost"),
        ("the transition 'wipe'", "approximated"),
    }


def test_markers_are_those_of_shotcut(scene: Scene, tmp_path: Path) -> None:
    edit = replace(
        edit_of(scene.cut(0, 40)),
        markers=(
            Marker(
                name="scene & cut",
                marked_range=TimeRange(10 / RATE, 5 / RATE),
                color="#00ff00",
                note="look",
            ),
        ),
    )
    written(edit, tmp_path / "t.mlt")
    text = (tmp_path / "t.mlt").read_text()
    assert '<property name="start">00:00:00.400</property>' in text
    assert '<property name="end">00:00:00.600</property>' in text
    assert read_file(tmp_path / "t.mlt", scene.library)[0].markers == edit.markers


def test_what_another_program_trimmed_is_trimmed(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "t.mlt"
    written(edit_of(scene.cut(5, 30), heard=scene.cut(0, 10)), path)
    text = path.read_text()
    assert text.count('in="5" out="29"') == 1
    path.write_text(text.replace('in="5" out="29"', 'in="8" out="19"'))
    clip = flat(read_file(path, scene.library)[0]).tracks[0].clips[0]
    assert place_of(clip) == [0, 12, 8]
    assert clip.id == "c1"


def melt_xml(path: Path, *arguments: str) -> None:
    """Have melt write an edit that was made by its command line."""
    subprocess.run(
        ["melt", *arguments, "-consumer", f"xml:{path}", "all=1"],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=200,
    )


def test_melts_own_xml_is_read(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    media, path = str(clips["tone"]), tmp_path / "melt.xml"
    melt_xml(
        path, *("-profile", "dv_pal_wide", media, "in=5", "out=24"),
        *(media, "in=30", "out=49", "-mix", "10", "-mixer", "luma", "-mixer", "mix:-1"),
        *("-blank", "8", media, "in=3", "out=12"),
    )  # fmt: skip
    edit, report = read_file(path, library)
    assert [track.kind for track in edit.tracks] == ["video", "audio"]
    rows = [[place_of(clip) for clip in track.clips] for track in flat(edit).tracks]
    # The cut is at the middle of the ten frames in which both are seen.
    assert rows == [[[0, 15, 5], [15, 15, 35], [39, 10, 3]]] * 2
    assert edit.size == (1024, 576)
    assert not report.lost


SHOTCUT = """<?xml version="1.0" standalone="no"?>
<mlt LC_NUMERIC="C" version="7.22.0" title="Shotcut version 23.11.29" producer="main_bin" root="{root}">
  <profile width="192" height="112" frame_rate_num="25" frame_rate_den="1"/>
  <playlist id="main_bin"><property name="xml_retain">1</property></playlist>
  <producer id="black" in="00:00:00.000" out="00:00:01.960">
    <property name="resource">0</property>
    <property name="mlt_service">color</property>
  </producer>
  <playlist id="background"><entry producer="black" in="00:00:00.000" out="00:00:01.960"/></playlist>
  <chain id="chain0" out="00:00:02.360">
    <property name="length">00:00:02.400</property>
    <property name="resource">tone.mov</property><property name="mlt_service">avformat</property>
    <property name="shotcut:caption">my tone</property>
    <filter id="f0" in="00:00:00.200" out="00:00:01.160">
      <property name="mlt_service">brightness</property>
      <property name="shotcut:filter">fadeInBrightness</property>
      <property name="level">00:00:00.000=0;00:00:00.360=1</property>
    </filter>
    <filter id="f1" in="00:00:00.200" out="00:00:01.160">
      <property name="mlt_service">volume</property>
      <property name="shotcut:filter">audioGain</property><property name="level">-6</property>
    </filter>
    <filter id="f2"><property name="mlt_service">sepia</property></filter>
  </chain>
  <chain id="chain1" out="00:00:02.360">
    <property name="resource">tone.mov</property><property name="mlt_service">avformat</property>
  </chain>
  <tractor id="tractor0" in="00:00:00.000" out="00:00:00.360">
    <property name="shotcut:transition">lumaMix</property>
    <track producer="chain0" in="00:00:00.840" out="00:00:01.200"/>
    <track producer="chain1" in="00:00:00.000" out="00:00:00.360"/>
    <transition id="t0" out="00:00:00.360"><property name="mlt_service">luma</property></transition>
    <transition id="t1" out="00:00:00.360"><property name="mlt_service">mix</property></transition>
  </tractor>
  <playlist id="playlist0">
    <property name="shotcut:video">1</property><property name="shotcut:name">V1</property>
    <blank length="00:00:00.400"/>
    <entry producer="chain0" in="00:00:00.200" out="00:00:00.800"/>
    <entry producer="tractor0" in="00:00:00.000" out="00:00:00.360"/>
    <entry producer="chain1" in="00:00:00.400" out="00:00:00.760"/>
  </playlist>
  <tractor id="tractor1" title="Shotcut version 23.11.29" in="00:00:00.000" out="00:00:01.960">
    <property name="shotcut">1</property>
    <track producer="background"/><track producer="playlist0"/>
    <transition id="t2"><property name="a_track">0</property><property name="b_track">1</property>
      <property name="mlt_service">mix</property><property name="sum">1</property></transition>
  </tractor>
</mlt>
"""  # noqa: E501 - as programs write it


def test_a_project_of_shotcut(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "shotcut.mlt"
    path.write_text(SHOTCUT.format(root=clips["tone"].parent))
    edit, report = read_file(path, library)
    video, audio = flat(edit).tracks
    # 10 empty, 16 of the first, 10 of both with a cut in the middle, 10 of the second.
    first, second = video.clips
    assert place_of(first) == [10, 21, 5]
    assert place_of(second) == [31, 15, 5]
    assert [first.name, first.fade_in] == ["my tone", 10]
    assert audio.clips[0].gain_db == -6
    assert first.link == audio.clips[0].link != ""
    assert [one.what for one in report.lost] == ["the filter 'sepia'"]


KDENLIVE = """<?xml version='1.0' encoding='utf-8'?>
<mlt LC_NUMERIC="C" producer="main_bin" version="7.9.0" root="{root}">
 <profile frame_rate_num="25" frame_rate_den="1" width="192" height="112"/>
 <producer id="producer0" in="00:00:00.000" out="00:00:02.360">
  <property name="length">60</property><property name="resource">tone.mov</property>
  <property name="mlt_service">avformat-novalidate</property>
 </producer>
 <playlist id="main_bin">{bin}<property name="xml_retain">1</property>
  <entry producer="producer0"/></playlist>
 <producer id="black_track"><property name="length">2147483647</property>
  <property name="resource">black</property><property name="mlt_service">color</property></producer>
 <playlist id="playlist0"><property name="kdenlive:audio_track">1</property>
  <entry producer="producer0" in="00:00:00.200" out="00:00:01.160"/></playlist>
 <playlist id="playlist1"><property name="kdenlive:audio_track">1</property></playlist>
 <tractor id="tractor0"><property name="kdenlive:audio_track">1</property>
  <track hide="video" producer="playlist0"/><track hide="video" producer="playlist1"/></tractor>
 <playlist id="playlist2"><entry producer="producer0" in="00:00:00.200" out="00:00:01.160"/></playlist>
 <playlist id="playlist3"><blank length="00:00:00.800"/>
  <entry producer="producer0" in="00:00:00.400" out="00:00:01.160"/></playlist>
 <tractor id="tractor1"><property name="kdenlive:trackheight">67</property>
  <property name="kdenlive:track_name">Scenes</property>
  <track hide="audio" producer="playlist2"/><track hide="audio" producer="playlist3"/>
  <transition in="00:00:00.800" out="00:00:01.000"><property name="mlt_service">luma</property>
   <property name="kdenlive:mixcut">2</property><property name="resource"/></transition></tractor>
 <tractor id="{id}" in="00:00:00.000" out="00:00:02.000">{sequence}
  <track producer="black_track"/><track producer="tractor0"/><track producer="tractor1"/></tractor>
{project}</mlt>
"""  # noqa: E501 - as programs write it
GUIDES = '[{{"comment": "here", "pos": 12, "type": 1}}]'
OLD = {
    "bin": f'<property name="kdenlive:docproperties.guides">{GUIDES}</property>',
    "id": "tractor2",
    "sequence": "",
    "project": "",
}
SEQUENCE = "{dd00b816-3573-457d-b702-eb49e7ad8924}"
NEW = {
    "bin": f'<property name="kdenlive:docproperties.uuid">{SEQUENCE}</property>',
    "id": SEQUENCE,
    "sequence": (
        f'<property name="kdenlive:uuid">{SEQUENCE}</property>'
        f'<property name="kdenlive:sequenceproperties.guides">{GUIDES}</property>'
    ),
    "project": (
        '<tractor id="tractor3"><property name="kdenlive:projectTractor">1</property>'
        f'<track producer="{SEQUENCE}" in="0" out="49"/></tractor>'
    ),
}


@pytest.mark.parametrize("version", ["old", "new"])
def test_a_project_of_kdenlive(
    clips: Clips, library: MediaLibrary, tmp_path: Path, version: str
) -> None:
    path = tmp_path / "cut.kdenlive"
    parts = {"old": OLD, "new": NEW}[version]
    filled = {
        name: part.replace("{{", "{").replace("}}", "}") for name, part in parts.items()
    }
    path.write_text(KDENLIVE.format(root=clips["tone"].parent, **filled))
    edit, report = read_file(path, library)
    video, audio = flat(edit).tracks
    assert video.name == "Scenes"
    first, second = video.clips
    # Both are seen from frame 20 to 25; the cut is two frames before its end.
    assert place_of(first) == [0, 23, 5]
    assert place_of(second) == [23, 17, 13]
    mixed = next(i for i in edit.tracks[0].items if isinstance(i, Transition))
    assert (mixed.in_offset, mixed.out_offset) == (3 / RATE, 2 / RATE)
    assert place_of(audio.clips[0]) == [0, 25, 5]
    assert [(m.name, m.marked_range.start) for m in edit.markers] == [
        ("here", 12 / RATE)
    ]
    assert report.is_exact
