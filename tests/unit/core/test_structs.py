from fractions import Fraction

import msgspec
import pytest

from timeline_nb.core.structs import from_json, to_builtins, to_json
from timeline_nb.timebase import TimeRange

RANGE = TimeRange(Fraction(1001, 30000), Fraction(2))


def test_fractions_are_written_as_text() -> None:
    assert to_json(RANGE) == b'{"start":"1001/30000","duration":"2"}'
    assert to_builtins(RANGE) == {"start": "1001/30000", "duration": "2"}


def test_what_was_written_is_read_back_exactly() -> None:
    assert from_json(to_json(RANGE), TimeRange) == RANGE


@pytest.mark.parametrize(
    "text", ['"1/0"', '"1e999999999"', '"nan"', "1.5", "null", '"-1"', '"9_9"']
)
def test_a_bad_fraction_is_refused_with_its_path(text: str) -> None:
    data = f'{{"start": "0", "duration": {text}}}'
    with pytest.raises(msgspec.ValidationError, match=r"\$|negative"):
        from_json(data, TimeRange)
