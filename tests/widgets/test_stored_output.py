"""What a notebook keeps of a widget, by the program that runs its cells."""

from typing import Any

import nbclient
import nbformat
import pytest

from timeline_nb.widgets.stored_output import is_without_page

CELL = """
import os, timeline_nb as tl
{before}
cut = tl.Edit("walk", rate=25, size=(160, 90))
cut.titles.add("walk", start=0, end="1s")
cut
"""


def run(before: str) -> Any:
    cell = nbformat.v4.new_code_cell(CELL.format(before=before))  # type: ignore[no-untyped-call]
    notes = nbformat.v4.new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    nbclient.NotebookClient(notes).execute()
    return notes


def test_a_runner_without_a_page_keeps_a_picture_and_no_widget() -> None:
    notes = run("")
    data = notes.cells[0].outputs[-1]["data"]
    assert sorted(data) == ["image/png", "text/plain"]
    assert "widgets" not in notes.metadata


@pytest.mark.parametrize("name", ["JPY_SESSION_NAME", "VOILA_REQUEST_URL"])
def test_servers_that_run_cells_themselves_show_the_widget(name: str) -> None:
    notes = run(f"os.environ['{name}'] = 'a'")
    data = notes.cells[0].outputs[-1]["data"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "widgets" in notes.metadata


def test_a_terminal_is_no_runner() -> None:
    assert not is_without_page({})
