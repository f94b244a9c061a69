"""Tables of batches, and the names that their rows' films get."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from timeline_nb.errors import NotebookError
from timeline_nb.runs.film_names import film_names
from timeline_nb.runs.rows import rows_of


def test_tables_of_all_kinds_have_rows_without_empty_cells(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    text = 'name,title,score\nada,"A, da",0.5\nbob,,\n\n'
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    expected = [{"name": "ada", "title": "A, da", "score": "0.5"}, {"name": "bob"}]
    assert rows_of(path) == rows_of(str(path)) == expected
    table = pd.DataFrame({"name": ["ada", "bob"], "score": [0.5, None]})
    assert rows_of(table) == [{"name": "ada", "score": 0.5}, {"name": "bob"}]
    assert rows_of([{"name": "ada", "score": None}]) == [{"name": "ada"}]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no first line"),
        (b"name\n", "no rows"),
        (b"name,name\n1,2\n", "two columns named 'name'"),
        (b"name,\n1,2\n", "column 2 has no name"),
        (b"name\n1,2\n", "line 2 has 2 cells, and there are 1 columns"),
        (b'name\n"open\n', "is no CSV"),
        (b"name\n\x00\n", "NUL"),
        (b"name\n\xff\xfe\n", "not UTF-8"),
        (b"name\n" + b"x" * 200_000 + b"\n", "is no CSV: field larger"),
        (b"name\n" + b"x\n" * 10_001, "more than 10,000 rows"),
        (b"a," * 600 + b"b\n", "more than 500 columns"),
    ],
)
def test_a_csv_file_that_is_no_table_is_refused_with_its_line(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(data)
    with pytest.raises(NotebookError, match=words):
        rows_of(path)


@pytest.mark.parametrize(
    "table", [None, 3, [], [1], {"a": 1}, [{1: 2}], b"x", object()]
)
def test_what_is_no_table_is_refused(table: Any) -> None:
    with pytest.raises(NotebookError):
        rows_of(table)


def names(
    template: Any, *rows: dict[str, Any], folder: Path = Path("films")
) -> list[str]:
    root = folder.resolve()
    found = film_names(template, list(rows), folder)
    return [str(path.relative_to(root)) for path in found]


def test_names_are_filled_by_columns_and_the_number_of_the_row() -> None:
    rows = ({"name": "Ada", "lang": "de"}, {"name": "Bob", "lang": "en"})
    assert names("{name}.mp4", *rows) == ["Ada.mp4", "Bob.mp4"]
    assert names("{lang}/{row:03}.mp4", *rows) == ["de/001.mp4", "en/002.mp4"]
    assert names("{{{name}}}.mp4", *rows) == ["{Ada}.mp4", "{Bob}.mp4"]


def test_whole_numbers_have_no_point_in_a_name() -> None:
    table = pd.DataFrame({"name": [1, None], "other": [1.5, 0.25]})
    assert table["name"].dtype == float
    rows = rows_of(table)
    assert names("{name}-{other}.mp4", rows[0]) == ["1-1.5.mp4"]
    assert names("{name}.mp4", {"name": 1e300}) == ["1e+300.mp4"]
    assert names("{row:03}.mp4", {"row": "7"}, {"row": 8.0}) == ["007.mp4", "008.mp4"]


@pytest.mark.parametrize(
    ("template", "rows", "words"),
    [
        ("{name}.mp4", [{"name": "Ada"}, {"name": "ada"}], "rows 1 and 2 would both"),
        ("{name}.mp4", [{"name": "é"}, {"name": "e\u0301"}], "rows 1 and 2"),
        ("a.mp4", [{}, {}], "rows 1 and 2"),
        ("{name}.mp4", [{"name": "../x"}], "row 1: '../x' of the column 'name'"),
        ("{name}.mp4", [{"name": "a\\b"}], "separator"),
        ("{name}/f.mp4", [{"name": ".."}], "separator"),
        ("../{name}.mp4", [{"name": "x"}], "would be outside"),
        ("/etc/{name}.mp4", [{"name": "x"}], "would be outside"),
        ("{name}.mp4", [{"nam": "x"}], "row 1 has no 'name'.*did you mean 'nam'"),
        ("{name.__class__}.mp4", [{"name": "x"}], "name of a column"),
        ("{name!r}.mp4", [{"name": "x"}], "name of a column"),
        ("{name:>99999999}.mp4", [{"name": "x"}], "name of a column"),
        ("{row:099999999}.mp4", [{"name": "x"}], "name of a column"),
        ("{}.mp4", [{"name": "x"}], "name of a column"),
        ("{name", [{"name": "x"}], "braces|brace"),
        ("{name}", [{"name": "x"}], "has no suffix"),
        ("{name}.mp4", [{"name": "x" * 300}], "255"),
        (7, [{}], "give a template"),
        ("{row:03d}.mp4", [{"row": "abc"}], "row 1: the column 'row'.*whole number"),
        ("{row:03d}.mp4", [{"row": 1.5}], "float that is no whole number"),
        ("{row:03}.mp4", [{"row": [1, 2]}], "list that is no whole number"),
        ("{name}.mp4", [{"name": 10**5000}], "row 1: the column 'name' holds an int"),
        ("{name}.mp4", [{"name": {"a": "/x"}}], "separator"),
    ],
)
def test_names_that_would_not_do_are_refused_with_the_row(
    template: Any, rows: list[dict[str, Any]], words: str
) -> None:
    with pytest.raises(NotebookError, match=words):
        names(template, *rows)


def test_a_link_among_the_folders_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "de").symlink_to(tmp_path)
    with pytest.raises(NotebookError, match="would be outside"):
        film_names("{lang}/a.mp4", [{"lang": "de"}], tmp_path / "films")
