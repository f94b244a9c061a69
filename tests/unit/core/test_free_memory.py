import sys

import numpy as np
import psutil
import pytest

from timeline_nb.core.free_memory import return_free_memory


@pytest.mark.skipif(sys.platform != "linux", reason="others return it by themselves")
def test_what_is_free_goes_back_to_the_system() -> None:
    # Pieces below glibc's threshold for mappings of their own; the last one pins the
    # heap's end, so that nothing goes back by itself.
    pieces = [np.ones(60_000, np.uint8) for _ in range(2_000)]
    last = pieces.pop()
    del pieces
    before = psutil.Process().memory_info().rss
    return_free_memory()
    assert psutil.Process().memory_info().rss < before - 60_000_000
    assert last.all()
