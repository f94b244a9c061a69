"""Write with a limit on the size of files, which FFmpeg's own writes meet, too."""

import os
import resource
import tempfile
from pathlib import Path

from attacks.storage import SCENES, litter

from timeline_nb.errors import TimelineNbError

__all__ = ["write_limited"]


def write_limited(task: tuple[str, int, bool]) -> None:
    """Write content 1 over content 0, and check that one of them is whole.

    Args:
        task: The scene, how many bytes a file may have, and whether what is cached
            may be used, so that the limit is met by the result alone.

    Raises:
        TimelineNbError: The limit was met, and the error names the file or folder.
    """
    scene, limit, is_cached = task
    writing = SCENES[scene]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TIMELINE_NB_CACHE_DIR"] = str(folder / "cache")
        for which in (1, 0):
            writing.prepare(folder)
            writing.write(folder, which)
        if is_cached:
            writing.write(folder, 1)
            writing.write(folder, 0)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
        try:
            writing.write(folder, 1)
        except TimelineNbError as error:
            if str(folder) not in str(error) or writing.read(folder) != 0:
                raise AssertionError(f"not named, or not the old: {error}") from error
            raise
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            assert litter(folder) == []
        assert writing.read(folder) in {0, 1}
