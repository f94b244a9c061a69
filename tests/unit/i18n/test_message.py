"""A text with names filled in that is translated later."""

import pickle

import pytest

import timeline_nb as tl
from timeline_nb.i18n import Message, message_of


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


def test_it_comes_whole_from_another_process() -> None:
    why = tl.MediaError(Message("{count} files are gone", count=3))
    error = tl.TimelineError(Message("track {track}: {why}", track="V1", why=why))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    said = message_of(again)
    assert said == str(again) == "track V1: 3 files are gone"
    assert isinstance(said, Message)
    assert said.template == "track {track}: {why}"
    inner = said.values["why"]
    assert isinstance(inner, Message)
    assert inner.values == {"count": "3"}


def test_a_count_chooses_its_form() -> None:
    one, many = "{count} frame of {clip}", "{count} frames of {clip}"
    texts = [Message.counted(one, many, count, clip="a") for count in (0, 1, 2)]
    assert texts == ["0 frames of a", "1 frame of a", "2 frames of a"]
    assert {(text.template, text.plural) for text in texts} == {(one, many)}


def test_an_error_without_a_message_is_its_text() -> None:
    assert message_of(tl.MediaError("a.mp4 is gone")) == "a.mp4 is gone"
    refused = tl.AccessError(Message("{path} is hidden", path="a"), "it is hidden")
    assert isinstance(message_of(refused), Message)


def test_gestures_errors_name_their_clip_in_parts() -> None:
    cut = tl.Edit("cut", rate=25, size=(160, 90))
    cut.titles.add("Hello", start=0, end="1s")
    with pytest.raises(tl.TimelineError) as caught:
        cut.roll("c1", by="5f")
    (said,) = caught.value.args
    assert said.template == "nothing follows {item}: it has no cut to roll"
    assert said.values["item"].values["time"] == "00:00:00:00"
