"""Projects that are served, while a notebook changes the same files."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from media_factory import Recipe, make
from server.page import Page, cookie_of
from server.scene import Site, alone

import timeline_nb as tl


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    make(tmp_path, Recipe("film.mp4", frames=50))
    with tl.open_studio(tl.Settings(roots=(tmp_path,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(320, 240), studio=studio)
        cut.append(tl.open(tmp_path / "film.mp4", studio=studio).clip())
        cut.save(tmp_path / "cut.tlp")
        yield studio


def _texts(studio: tl.Studio, path: Path) -> list[str]:
    return sorted(found.text for found in tl.load(path, studio=studio).comments)


def _opened(site: Site) -> Page:
    page = Page(site, cookie_of(site), "cut.tlp")
    page.receive()
    page.request("hello")
    return page


def _comment(page: Page, text: str) -> str:
    answer, _ = page.request("addComment", atS=0.4, author="Bo", text=text)
    return str(answer["kind"])


def test_comments_go_into_the_file_as_it_is_by_now(studio: tl.Studio) -> None:
    path = studio.settings.roots[0] / "cut.tlp"
    with alone(path, read_only=True) as site, _opened(site) as page:
        assert _comment(page, "first") == "done"
        cut = tl.load(path, studio=studio)
        cut.comments.add(1, "of the notebook", author="Ann")
        cut.append(cut.clips[0])
        cut.save()
        assert _comment(page, "second") == "done"
        assert _texts(studio, path) == ["first", "of the notebook", "second"]
        # The edit of the notebook is kept, and shown: 50 frames twice.
        assert len(tl.load(path, studio=studio).clips) == 2
        while page.wait_for("playerSource")["frames"] != 100:
            pass
        cut.reload()
        assert len(cut.comments) == 3
        cut.comments.add(0, "third")
        cut.save()
        with _opened(site) as later:
            while len(later.wait_for("comments")["comments"]) != 4:
                pass


def test_a_comment_that_cannot_be_kept_is_refused(studio: tl.Studio) -> None:
    path = studio.settings.roots[0] / "cut.tlp"
    with alone(path, read_only=True) as site, _opened(site) as page:
        whole = path.read_bytes()
        for content in (None, b"{}"):
            path.unlink(missing_ok=True)
            if content is not None:
                path.write_bytes(content)
            assert _comment(page, "lost?") == "refused"
        path.write_bytes(whole)
        assert _comment(page, "kept") == "done"
    assert _texts(studio, path) == ["kept"]


def test_a_page_saves_beside_what_another_program_saved(studio: tl.Studio) -> None:
    path = studio.settings.roots[0] / "cut.tlp"
    with alone(path.parent) as site, _opened(site) as page:
        page.request("addMarker", atS=0.4, name="of the page")
        cut = tl.load(path, studio=studio)
        cut.comments.add(1, "of the notebook")
        cut.save()
        page.send({"method": "save"})
        said = page.wait_for("say")
        assert said["kind"] == "notice"
        assert said["text"].endswith("this edit is saved as cut 2.tlp")
        assert _texts(studio, path) == ["of the notebook"]
        other = tl.load(path.with_name("cut 2.tlp"), studio=studio)
        assert [marker.name for marker in other.markers] == ["of the page"]
        page.request("addMarker", atS=0.8, name="more")
        page.send({"method": "save"})
        assert page.wait_for("say")["text"] == "cut 2.tlp is saved"
        # Who opens the project gets the notebook's.
        with _opened(site) as later:
            [marker] = later.wait_for("timeline")["markers"]
            assert marker["name"] == "of the notebook"


def test_a_page_shows_what_was_saved_since(studio: tl.Studio) -> None:
    path = studio.settings.roots[0] / "cut.tlp"
    with alone(path.parent) as site:
        _opened(site).__exit__(None, None, None)
        cut = tl.load(path, studio=studio)
        cut.comments.add(1, "of the notebook")
        cut.save()
        with _opened(site) as page:
            while not page.wait_for("timeline")["markers"]:
                pass
            page.request("addMarker", atS=0.4, name="of the page")
            page.send({"method": "save"})
            assert page.wait_for("say")["text"] == "cut.tlp is saved"
        names = [marker.name for marker in tl.load(path, studio=studio).markers]
        assert names == ["of the page", "of the notebook"]


def test_an_edit_without_a_file_cannot_be_read_again(studio: tl.Studio) -> None:
    cut = tl.Edit("new", rate=25, size=(320, 240), studio=studio)
    with pytest.raises(tl.ProjectError, match="'new' has no file"):
        cut.reload()


def test_a_visitor_reads_no_folder_of_the_server(studio: tl.Studio) -> None:
    folder = studio.settings.roots[0]
    cut = tl.load(folder / "cut.tlp", studio=studio)
    cut.titles.add(f"not a folder: {folder.name}", start=0, end=1)
    cut.save()
    (folder / "broken.tlp").write_text("{")
    with alone(folder, read_only=True) as site:
        with _opened(site) as page:
            # What is shown, a film that is gone, and a comment that cannot be kept.
            (folder / "film.mp4").unlink()
            (folder / "cut.tlp").write_text("{")
            refused, _ = page.request("addComment", atS=0.4, author="Bo", text="lost")
            said = [*page.kept, refused]
        assert refused["kind"] == "refused"
        assert "cut.tlp" in str(refused)
        assert str(folder) not in json.dumps(said)
        with Page(site, cookie_of(site), "broken.tlp") as page:
            code, reason = page.closed()
        assert code == 1011
        assert reason.startswith("broken.tlp")
        assert str(folder) not in reason
        health = site.ask("timeline_nb/health?full")
        assert health.status == 200
        assert health.headers["content-type"].startswith("application/json")
        assert json.loads(health.body)["checks"]
        assert str(folder).encode() not in health.body
