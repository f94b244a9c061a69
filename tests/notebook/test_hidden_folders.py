"""What a visitor of a page is told of files, without the folders of this machine."""

from pathlib import Path

import msgspec
import pytest

import timeline_nb as tl
from timeline_nb.notebook.hidden_folders import HiddenFolders
from timeline_nb.notebook.shared import SharedFiles
from timeline_nb.notebook.shared_edit import SharedEdit
from timeline_nb.widgets.browser_comm import frame_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/srv/films/x/film.mp4 is offline", "film.mp4 is offline"),
        ("/srv/films/x cannot be listed", "x cannot be listed"),
        ("'/srv/films/x': no such folder", "'x': no such folder"),
        ("/srv/films/x2/film.mp4, /data/srv/films/x/f", None),
        ("/private/tmp/f", None),
        ("PosixPath('/srv/o\\'tab\\t\"/f')", "PosixPath('f')"),
        ("file:///srv/my%20films/f.mp4", "file://f.mp4"),
        ("in /srv/Ü/x/ and /srv/Ü/x.", "in x and x."),
    ],
)
def test_folders_are_hidden_as_texts_name_them(text: str, shown: str | None) -> None:
    folders = ("/srv/films/x", "/srv/o'tab\t\"", "/srv/my films", "/srv/Ü/x")
    hidden = HiddenFolders(map(Path, folders))
    assert hidden.without(text) == (text if shown is None else shown)


def test_a_report_is_public_with_letters_that_json_spells_otherwise(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "Überblick"
    folder.mkdir()
    with tl.open_studio(tl.Settings(roots=[folder])) as studio:
        files = SharedFiles(folder, studio)
        report = {"checks": [{"name": "disk", "said": f"{folder}/cache is full"}]}
        shown = {"checks": [{"name": "disk", "said": "cache is full"}]}
        assert files.public(report) == shown


def test_folders_that_come_later_are_hidden_from_a_page_that_is_open(
    tmp_path: Path,
) -> None:
    (tmp_path / "edits").mkdir()
    later = tmp_path / "later"
    later.mkdir()
    with tl.open_studio(tl.Settings(roots=[tmp_path / "edits"])) as studio:
        cut = tl.Edit("cut", rate=25, size=(64, 48), studio=studio)
        path = cut.save(tmp_path / "edits" / "cut.tlp")
        files, sent = SharedFiles(path, studio, read_only=True), list[bytes]()
        send = files._hiding(sent.append, SharedEdit(cut, path))
        send(frame_of({"said": "first"}))
        studio.scope.allow(later)
        send(frame_of({"said": f"{later / 'film.mp4'} is offline"}))
        said = msgspec.json.decode(sent[-1][4:])["message"]["said"]
    assert said == "film.mp4 is offline"
