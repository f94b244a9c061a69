"""Comments of an edit, and files that are served, in a cell."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest

import timeline_nb as tl
from timeline_nb.core.media_addresses import MediaAddresses


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", roots=(tmp_path,)
    )
    with tl.open_studio(settings) as made:
        yield made


@pytest.fixture
def cut(studio: tl.Studio) -> tl.Edit:
    cut = tl.Edit("cut", rate=25, size=(64, 64), studio=studio)
    cut.titles.add("Hello", start=0, end="1s")
    return cut


def test_comments_are_a_table_in_order_of_time(cut: tl.Edit) -> None:
    cut.comments.add("0.8s", "too long\nreally", author=" Ada ")
    cut.comments.add("4f", "darker", written="2026-05-04T14:00:00+02:00")
    cut.markers.add("0.5s", name="half")
    table = cut.comments.to_dataframe()
    assert list(table.columns) == ["start_s", "text", "author", "written"]
    assert list(table["start_s"]) == [0.16, 0.8]
    assert list(table["text"]) == ["darker", "too long\nreally"]
    assert list(table["author"]) == ["", "Ada"]
    assert table["written"][0] == datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert datetime.now(UTC) - table["written"][1] < timedelta(minutes=5)
    # The timeline shows them among its markers, by their first line.
    assert [m.name for m in cut.markers] == ["darker", "half", "too long"]
    cut.undo()
    cut.undo()
    assert [c.text for c in cut.comments] == ["too long\nreally"]


@pytest.mark.parametrize("text", ["", "  \n", "a" * 4001])
def test_a_comment_has_words_but_not_a_book(cut: tl.Edit, text: str) -> None:
    with pytest.raises(tl.TimelineError, match="1 to 4000 letters"):
        cut.comments.add(0, text)
    assert len(cut.comments) == 0


def test_comments_are_kept_and_become_no_chapters(cut: tl.Edit, tmp_path: Path) -> None:
    cut.comments.add("0.4s", "darker", author="Ada")
    cut.markers.add("0.2s", name="One")
    cut.save(tmp_path / "cut.tlp")
    [kept] = tl.load(tmp_path / "cut.tlp", studio=cut.studio).comments
    assert (kept.text, kept.author) == ("darker", "Ada")
    cut.render(tmp_path / "film.mp4").wait()
    with av.open(str(tmp_path / "film.mp4")) as film:
        titles = [chapter["metadata"]["title"] for chapter in film.chapters()]
    assert titles == ["One"]


def test_without_a_server_the_error_says_what_to_do(
    studio: tl.Studio, tmp_path: Path, bikes: Path
) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(bikes.read_bytes())
    served = tl.serve(file, studio=studio)
    with pytest.raises(tl.ServerError, match="timeline-nb serve"):
        _ = served.url
    with pytest.raises(tl.ServerError, match="timeline-nb serve"):
        tl.open(file, studio=studio).url()
    # A cell shows it all the same, by the kernel.
    bundle = served._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "Player" in data["text/plain"]


def test_addresses_show_no_key_and_stay_where_they_are() -> None:
    key = b"secret key of 32 bytes, no less!"
    addresses = MediaAddresses("k1", key)
    assert "secret" not in repr(addresses)
    with pytest.raises(TypeError, match="one program"):
        addresses.__reduce__()
