"""Conditions of requests for a file: RFC 9110, section 13, in its order (13.2.2)."""

import os
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest

from timeline_nb.server.ranges import answer_to

# The example of RFC 9110, 5.6.7, and dates around it.
THEN = "Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE, AFTER = "Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:38 GMT"
THEN_S = int(datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC).timestamp())
OBSOLETE = ("Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994")


def facts(folder: Path, seconds: int = THEN_S, size: int = 10) -> os.stat_result:
    """A file, by when it was changed and how long it is."""
    path = folder / "film.mp4"
    path.write_bytes(bytes(size))
    os.utime(path, (seconds, seconds))
    return path.stat()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"If-Match": "{tag}"}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"a", {tag}'}, 200),
        ({"If-Match": '"a"'}, 412),
        ({"If-Match": "W/{tag}"}, 412),
        ({"If-Match": ""}, 412),
        ({"If-Match": "{tag}", "If-Unmodified-Since": BEFORE}, 200),
        ({"If-Match": '"a"', "If-None-Match": "{tag}"}, 412),
        ({"If-Unmodified-Since": THEN}, 200),
        ({"If-Unmodified-Since": AFTER}, 200),
        ({"If-Unmodified-Since": BEFORE}, 412),
        ({"If-Unmodified-Since": "no date"}, 200),
        ({"If-None-Match": "{tag}"}, 304),
        ({"If-None-Match": "W/{tag}"}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"a"'}, 200),
        ({"If-None-Match": '"a"', "If-Modified-Since": THEN}, 200),
        ({"If-Modified-Since": THEN}, 304),
        *(({"If-Modified-Since": date}, 304) for date in OBSOLETE),
        ({"If-Modified-Since": AFTER}, 304),
        ({"If-Modified-Since": BEFORE}, 200),
        ({"If-Modified-Since": "Sun, 06 Nov 99999999 08:49:37 GMT"}, 200),
        ({"If-Modified-Since": "x" * 60_000}, 200),
        ({"Range": "bytes=0-1", "If-Match": '"a"'}, 412),
        ({"Range": "bytes=0-1", "If-None-Match": "{tag}"}, 304),
        ({"Range": "bytes=0-1", "If-Modified-Since": BEFORE}, 206),
        ({"Range": "bytes=0-1", "If-Range": "{tag}"}, 206),
        ({"Range": "bytes=0-1", "If-Range": "W/{tag}"}, 200),
        ({"Range": "bytes=0-1", "If-Range": THEN}, 206),
        ({"Range": "bytes=0-1", "If-Range": AFTER}, 200),
        ({"Range": "bytes=0-1", "If-Range": ""}, 200),
        ({"Range": "bytes=10-", "If-Range": '"a"'}, 200),
    ],
)
def test_conditions_in_their_order(
    tmp_path: Path, asked: dict[str, str], status: int
) -> None:
    file = facts(tmp_path)
    tag = answer_to("GET", {}, file).headers["ETag"]
    given = {name: value.replace("{tag}", tag) for name, value in asked.items()}
    answer = answer_to("GET", given, file)
    assert answer.status == HTTPStatus(status)
    assert answer.headers["ETag"] == tag
    sent = answer.last - answer.first + 1
    assert sent == {200: 10, 206: 2}.get(status, 0)
    if status == 412:
        assert answer.headers["Content-Length"] == "0"


@pytest.mark.parametrize("seconds", [1 << 33, 1 << 40, -(1 << 40)])
def test_a_file_of_another_time_is_served_without_a_date(
    tmp_path: Path, seconds: int
) -> None:
    # In 2242, and beyond all years of a calendar; as far as the disk keeps it.
    file = facts(tmp_path, seconds)
    answer = answer_to("GET", {"Range": "bytes=2-", "If-Modified-Since": THEN}, file)
    if file.st_mtime > 0:
        assert "Last-Modified" not in answer.headers
        assert answer.status == HTTPStatus.PARTIAL_CONTENT
    assert answer_to("GET", {"If-Range": ""}, file).last == 9


def test_the_date_is_that_of_the_file(tmp_path: Path) -> None:
    assert answer_to("GET", {}, facts(tmp_path)).headers["Last-Modified"] == THEN
