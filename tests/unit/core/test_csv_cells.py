"""Text that a spreadsheet would take for a formula is none in CSV, and comes back."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.core.csv_cells import (
    as_text,
    from_text,
    table_as_text,
    table_from_text,
)

# As OWASP's "CSV Injection" lists them.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_begins_as_a_formula(start: str) -> None:
    for cell in (f"{start}cmd()", f"'{start}cmd()", f"''{start}"):
        made = as_text(cell)
        assert made.startswith("'")
        assert from_text(made) == cell


@pytest.mark.parametrize("cell", ["", "take 2", "'quoted'", "a=b", "5'", "l'été"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert as_text(cell) == from_text(cell) == cell


@given(st.text(alphabet="'=+-@\t\rab1", max_size=6))
def test_each_text_comes_back(cell: str) -> None:
    assert from_text(as_text(cell)) == cell
    assert not as_text(cell).startswith(STARTS)


def test_numbers_of_a_table_stay_numbers() -> None:
    table = pd.DataFrame({"label": ["=1+1", None], "gain_db": [-3.0, 2.0]})
    text = table_as_text(table).to_csv(index=False)
    assert list(csv.reader(io.StringIO(text)))[1:] == [["'=1+1", "-3.0"], ["", "2.0"]]
    pd.testing.assert_frame_equal(table_from_text(table_as_text(table)), table)
