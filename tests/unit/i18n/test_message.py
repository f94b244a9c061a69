"""A text with names filled in that is translated later."""

import pickle

import pytest

import timeline_nb as tl
from timeline_nb.i18n import Message


def test_it_reads_as_any_text_and_keeps_its_parts() -> None:
    clip = Message("{name} on {track}", name="'walk'", track="V1")
    text = Message("nothing follows {item}", item=clip)
    assert text == "nothing follows 'walk' on V1"
    assert text.template == "nothing follows {item}"
    assert text.values["item"] is clip
    assert f"{tl.TimelineError(text)}" == text


def test_braces_of_a_value_are_no_names() -> None:
    text = Message("{clip} lies on {track}", clip="{track} {0} {", track="V1")
    assert text == "{track} {0} { lies on V1"


def test_another_process_gets_the_english_text() -> None:
    error = tl.TimelineError(Message("track {track} is locked", track="V1"))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again.args[0]) is str
    assert str(again) == "track V1 is locked"


def test_gestures_errors_name_their_clip_in_parts() -> None:
    cut = tl.Edit("cut", rate=25, size=(160, 90))
    cut.titles.add("Hello", start=0, end="1s")
    with pytest.raises(tl.TimelineError) as caught:
        cut.roll("c1", by="5f")
    (said,) = caught.value.args
    assert said.template == "nothing follows {item}: it has no cut to roll"
    assert said.values["item"].values["time"] == "00:00:00:00"
