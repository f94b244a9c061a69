"""A kernel that was killed, and two notebooks with one project."""

import os
import signal
from pathlib import Path

import pytest
from browser.lab import (
    Lab,
    end_kernels,
    open_notebook,
    run_code,
    wait_for_kernel,
    write_notebook,
)
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FIRST = """
import timeline_nb as tl
from pathlib import Path
if not Path({0!r}).exists():
    tl.Edit("kept", rate=25, size=(640, 360)).save({0!r})
cut = tl.load({0!r})
"""
LIVE = "[data-testid=editor-widget][data-state=live]"


@pytest.fixture
def folder(lab: Lab, tmp_path: Path) -> Path:
    """A folder for a project, and for its second try."""
    own = lab.folder / tmp_path.name
    own.mkdir()
    return own


def _opened(page: Page, lab: Lab, path: Path, before: str = "") -> None:
    write_notebook(path, (before + FIRST.format("kept.tlp"), "cut"))
    open_notebook(page, lab, f"{path.parent.name}/{path.name}")
    page.wait_for_selector(LIVE)
    page.locator(LIVE).first.scroll_into_view_if_needed()


def test_the_last_step_is_restored_and_another_notebook_follows(
    lab: Lab, page: Page, folder: Path
) -> None:
    _opened(page, lab, folder / "kept.ipynb")
    recovery = page.get_by_test_id("recovery")
    expect(recovery).to_be_hidden()
    run_code(page, "cut.titles.add('by hand', start=0, end=2)")
    os.kill(int(run_code(page, "import os; print(os.getpid())")), signal.SIGKILL)
    # Its server starts another kernel for the notebook, or a new one is.
    end_kernels(lab)
    _opened(page, lab, folder / "kept.ipynb")
    expect(recovery).to_contain_text("1 step was not saved: “Title”")
    recovery.get_by_role("button", name="Restore").click()
    expect(recovery).to_be_hidden()
    wait_for_kernel(page, "len(cut.clips)", "1")

    # Without pycrdt, who comes second follows.
    without = "import timeline_nb.collaboration.autosave as a\na.can_share = bool\n"
    other = page.context.new_page()
    _opened(other, lab, folder / "second.ipynb", without)
    expect(other.get_by_test_id("elsewhere")).to_contain_text("you see each step")
    wait_for_kernel(other, "len(cut.clips)", "1")
    run_code(page, "cut.titles.add('more', start=2, end=4)")
    wait_for_kernel(other, "len(cut.clips)", "2")
    said = run_code(other, "cut.save()")
    assert "is edited by" in said
    assert "kept.ipynb" in said
    run_code(page, "cut.save()")
    wait_for_kernel(other, "cut.history.is_saved", "True")
    other.close()


def test_two_notebooks_edit_one_project_together(
    lab: Lab, page: Page, folder: Path
) -> None:
    _opened(page, lab, folder / "mine.ipynb")
    other = page.context.new_page()
    _opened(other, lab, folder / "yours.ipynb")
    for shown in (page, other):
        expect(shown.get_by_test_id("elsewhere")).to_contain_text("edits with you")
    run_code(page, "cut.titles.add('mine', start=10, end=12)")
    wait_for_kernel(other, "'mine' in [clip.name for clip in cut.clips]", "True")
    run_code(other, "cut.titles.add('yours', start=20, end=22)")
    wait_for_kernel(page, "cut.clips[-1].name", "yours")
    run_code(page, "cut.undo()")
    wait_for_kernel(other, "cut.clips[-1].name", "yours")
    wait_for_kernel(other, "'mine' in [clip.name for clip in cut.clips]", "False")
    run_code(other, "cut.save()")
    wait_for_kernel(page, "cut.history.is_saved", "True")
    other.close()
