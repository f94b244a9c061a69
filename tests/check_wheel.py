"""Checks that a built wheel holds all it needs, and imports from an empty folder."""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

BUNDLES = tuple(
    f"timeline_nb/widgets/static/{name}.js"
    for name in (
        "loader",
        "timeline",
        "player",
        "overlay",
        "editor",
        "editorLater",
        "signIn",
        "permissions",
    )
)
NEEDED = (
    *BUNDLES,
    "timeline_nb/__init__.py",
    "timeline_nb/py.typed",
    "timeline_nb/i18n/catalogues/messages.pot",
    "timeline_nb/models/manifest.json",
    "timeline_nb/models/nanodet_g_416_coco_w8_v8.onnx",
    "timeline_nb/models/LICENSES/Apache-2.0.txt",
    "timeline_nb/models/LICENSES/MIT-human-models.txt",
    "timeline_nb/pages/page.css",
    "timeline_nb/pages/page.js",
    "timeline_nb/project/tlp.schema.json",
    "timeline_nb/effects/titles/faces/DejaVuSans.ttf",
    "timeline_nb/effects/titles/faces/LICENSE.txt",
    "timeline_nb/wasm_plugins/bundled/blur/blur.wasm",
    "timeline_nb/wasm_plugins/bundled/blur/blur.json",
    "timeline_nb/wasm_plugins/authoring/ABI.md",
    "timeline_nb/wasm_plugins/authoring/templates/c/abi.h",
    "timeline_nb/wasm_plugins/authoring/templates/rust/build.sh",
    "timeline_nb/wasm_plugins/authoring/templates/assemblyscript/package.json",
    "timeline_nb/wasm_plugins/authoring/templates/tests/effect.json",
    "timeline_nb/wasm_plugins/bundled/uploader/uploader.wasm",
    "timeline_nb/wasm_plugins/bundled/uploader/uploader.json",
)
# Where Jupyter looks for what is enabled.
ENABLED = "etc/jupyter/jupyter_server_config.d/timeline_nb.json"
EXTENSION = "share/jupyter/labextensions/timeline-nb"
ROOT = Path(__file__).parents[1]
MAX_BUNDLE_BYTES = 400_000
USE = (
    "import timeline_nb, sys; from pathlib import Path;"
    "assert Path(timeline_nb.__file__).is_relative_to(sys.argv[1]), timeline_nb;"
    "from timeline_nb.recognition.inference.detector import Detector;"
    "from timeline_nb.recognition.models.registry import load_embedded;"
    "Detector(load_embedded());"
    "from timeline_nb import Edit, Editor; Editor(Edit('x', rate=1, size=(2, 2)));"
    "print('the wheel imports, its detector loads, its editor is there')"
)


def main() -> None:
    (wheel,) = Path(sys.argv[1]).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        names = set(archive.namelist())
        missing = [name for name in NEEDED if name not in names]
        if missing:
            sys.exit(f"{wheel.name} lacks {', '.join(missing)}")
        if not any(name.endswith(ENABLED) for name in names):
            sys.exit(f"{wheel.name} does not enable the server extension")
        for fault in _faults_of_description(archive):
            sys.exit(f"{wheel.name}: the description {fault}")
        for part in ("package.json", "static/remoteEntry.js"):
            if not any(name.endswith(f"{EXTENSION}/{part}") for name in names):
                sys.exit(f"{wheel.name} lacks {part} of the JupyterLab extension")
        for name in names:
            if place := _place_of_the_builder(archive.read(name)):
                sys.exit(f"{name} holds {place}, a path of the machine that built it")
        for name in BUNDLES:
            size = archive.getinfo(name).file_size
            if size > MAX_BUNDLE_BYTES:
                sys.exit(f"{name} has {size} bytes, more than {MAX_BUNDLE_BYTES}")
        archive.extractall(folder)
        command = [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {folder!r});{USE}",
        ]
        subprocess.run([*command, folder], check=True, cwd=folder)


def _faults_of_description(archive: zipfile.ZipFile) -> list[str]:
    """Return what a page of a package index would show broken."""
    (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
    text = archive.read(name).decode().partition("\n\n")[2]
    faults = [] if "import timeline_nb as tl" in text else ["has no example"]
    if "notebooks/pictures" in text:
        faults.append("shows a picture of the repository")
    links = re.findall(r"\]\((?!https?:)([^)]*)\)", text)
    return faults + [f"links to {link}" for link in links]


def _place_of_the_builder(content: bytes) -> str | None:
    """Return the path of this checkout or of a home that a file holds, if any."""
    for place in (str(ROOT), f"{Path.home()}/", f"{sys.prefix}/"):
        if place.encode() in content:
            return place
    return None


if __name__ == "__main__":
    main()
