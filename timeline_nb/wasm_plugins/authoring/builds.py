"""Build a plugin's project by its own script, which has all rights of the person."""

import shutil
import subprocess
from pathlib import Path

from timeline_nb.errors import PluginError

__all__ = ["build_project"]


def build_project(folder: Path) -> None:
    """Run `build.sh` of a project; what it prints is shown.

    Raises:
        PluginError: There is none, or it fails.
    """
    script, shell = folder / "build.sh", shutil.which("sh")
    if not script.is_file():
        raise PluginError(f"{folder} has no build.sh")
    if shell is None:
        raise PluginError(f"there is no sh to run {script}: build it by hand")
    # The person asked for this script to be run.
    run = subprocess.run([shell, str(script.resolve())], check=False)  # noqa: S603
    if run.returncode:
        raise PluginError(f"{script} failed with the code {run.returncode}")
