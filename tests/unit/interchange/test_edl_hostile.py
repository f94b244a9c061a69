"""Hostile and broken EDL are refused or read at once."""

from pathlib import Path
from typing import Final

import pytest
from edl_lists import EVENT, load
from own_time import at_once

from timeline_nb.errors import TimelineNbError

HOSTILE: Final = {
    "empty": b"",
    "binary": bytes(range(256)) * 99,
    "zeros": bytes(10_000),
    "words": b"1 " * 45_000,
    "spaces": b"001" + b" " * 90_000 + b"\n",
    "motion": b"M2 " + b" " * 90_000 + b"x\n",
    "locator": b"* LOC: 00:00:00:00" + b" " * 90_000 + b"\n",
    "remark": b"* TIMELINE_NB " + b"a=" * 45_000,
    "numbers": b"001 A V C 99:99:99:99 99:99:99:99 99:99:99:99 99:99:99:99\n",
    "letters": (
        "\u0661\u0662\u0663 A V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01"
    ).encode(),
    "titles": b"TITLE: " + b"x" * 90_000 + b"\n",
    "channels": b"001 A " + b"A/" * 30_000 + b" C 00:00:00:00 00:00:00:01 "
    b"00:00:00:00 00:00:00:01\n",
    "aud": b"001 A V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01\nAUD"
    + b" 7" * 40_000,
}


@pytest.mark.parametrize("name", list(HOSTILE))
@pytest.mark.parametrize("head", ["", EVENT])
def test_a_hostile_list_is_refused_or_read_at_once(name: str, head: str) -> None:
    with at_once():
        try:
            found = f"cut.edl: {len(load(head.encode() + HOSTILE[name])[0].tracks)}"
        except TimelineNbError as error:
            found = str(error)
    assert "cut.edl" in found


@pytest.mark.parametrize(
    "remark",
    [
        "rate=0/0",
        "rate=1/999999999999",
        "rate=" + "9" * 30,
        "size=0x0",
        "size=99999x99999",
        "speed=1/0",
        "start=99:99:99:99",
        "dissolve=9+",
        "over=/etc/passwd",
        "over=../../etc/passwd,.,..",
        "id=%00",
        "track=" + "x" * 5000,
    ],
)
def test_a_hostile_remark_does_no_harm(remark: str, tmp_path: Path) -> None:
    text = f"{EVENT}* TIMELINE_NB {remark}\n"
    try:
        found = str(load(text, path=tmp_path / "cut.edl")[1].summary)
    except TimelineNbError as error:
        found = str(error)
    assert found
