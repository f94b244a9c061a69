import subprocess
import sys

import pytest

# Pieces below glibc's threshold for mappings of their own; the last one pins the heap's
# end, so that nothing goes back by itself. Other threads would take memory meanwhile.
PIECES = """
import numpy as np
import psutil
from timeline_nb.core.free_memory import return_free_memory

pieces = [np.ones(60_000, np.uint8) for _ in range(2_000)]
last = pieces.pop()
del pieces
before = psutil.Process().memory_info().rss
return_free_memory()
print(before - psutil.Process().memory_info().rss, last.all())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="others return it by themselves")
def test_what_is_free_goes_back_to_the_system() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PIECES], capture_output=True, text=True, check=True
    )
    returned_bytes, is_whole = run.stdout.split()
    assert int(returned_bytes) > 60_000_000
    assert is_whole == "True"
