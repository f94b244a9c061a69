"""Checks that a built wheel holds all it needs, and imports from an empty folder."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

NEEDED = (
    "timeline_nb/__init__.py",
    "timeline_nb/py.typed",
    "timeline_nb/widgets/static/strip.js",
    "timeline_nb/models/manifest.json",
    "timeline_nb/models/nanodet_g_416_coco_w8_v8.onnx",
    "timeline_nb/models/LICENSES/Apache-2.0.txt",
    "timeline_nb/models/LICENSES/MIT-human-models.txt",
    "timeline_nb/project/tlp.schema.json",
)
MAX_BUNDLE_BYTES = 300_000
USE = (
    "import timeline_nb, sys; from pathlib import Path;"
    "assert Path(timeline_nb.__file__).is_relative_to(sys.argv[1]), timeline_nb;"
    "from timeline_nb.recognition.detector import Detector; Detector();"
    "from timeline_nb.widgets.strip import TimelineStrip;"
    "print('the wheel imports, and its detector loads')"
)


def main() -> None:
    (wheel,) = Path(sys.argv[1]).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        names = set(archive.namelist())
        missing = [name for name in NEEDED if name not in names]
        if missing:
            sys.exit(f"{wheel.name} lacks {', '.join(missing)}")
        bundle = archive.getinfo("timeline_nb/widgets/static/strip.js").file_size
        if bundle > MAX_BUNDLE_BYTES:
            sys.exit(f"the bundle has {bundle} bytes, more than {MAX_BUNDLE_BYTES}")
        archive.extractall(folder)
        command = [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {folder!r});{USE}",
        ]
        subprocess.run([*command, folder], check=True, cwd=folder)


if __name__ == "__main__":
    main()
