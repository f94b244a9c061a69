"""Writes what a wheel is made of and needs, as CycloneDX.

python tests/write_sbom.py FOLDER_OF_THE_WHEEL

Lists the distributions that an install of the wheel brings, as they are in this
environment, and what others made of the wheel's own files: models and fonts.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
MODELS = "timeline_nb/models/"
FONTS = "timeline_nb/effects/titles/faces/"


def main() -> None:
    (wheel,) = Path(sys.argv[1]).glob("*.whl")
    target = wheel.with_name(wheel.name.split("-py3")[0] + ".cdx.json")
    bom = _environment()
    needed = _needed()
    bom["components"] = [
        *(part for part in bom["components"] if _plain(part["name"]) in needed),
        *_carried(wheel),
    ]
    kept = {bom["metadata"]["component"]["bom-ref"]}
    kept |= {part["bom-ref"] for part in bom["components"]}
    bom["dependencies"] = [
        {"ref": entry["ref"], "dependsOn": sorted(kept & {*entry.get("dependsOn", ())})}
        for entry in bom["dependencies"]
        if entry["ref"] in kept
    ]
    target.write_text(json.dumps(bom, indent=1, sort_keys=True) + "\n")
    print(f"{target.name}: {len(bom['components'])} components")


def _environment() -> dict[str, Any]:
    """Return the bill of everything in this environment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bom.json"
        command = [sys.executable, "-m", "cyclonedx_py", "environment", sys.executable]
        command += ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "library"]
        command += ["--output-reproducible", "-o", str(path)]
        subprocess.run(command, check=True)
        bom: dict[str, Any] = json.loads(path.read_text())
    return bom


def _needed() -> set[str]:
    """Return the names of all that an install without extras brings."""
    found: set[tuple[str, str]] = set()
    queue = [("timeline-nb", "")]
    while queue:
        name, extra = queue.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for line in map(Requirement, requires(name) or ()):
            if line.marker is None or line.marker.evaluate({"extra": extra}):
                queue += [(_plain(line.name), more) for more in ("", *line.extras)]
    return {name for name, _ in found}


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _carried(wheel: Path) -> list[dict[str, Any]]:
    """Return the models and fonts that the wheel carries, with their hashes."""
    with zipfile.ZipFile(wheel) as archive:
        manifest = json.loads(archive.read(MODELS + "manifest.json"))
        licenses = {model["file"]: model["license"] for model in manifest["models"]}
        return [
            _component(Path(name).name, archive.read(name), licenses)
            for name in archive.namelist()
            if name.startswith((MODELS, FONTS)) and name.endswith((".onnx", ".ttf"))
        ]


def _component(name: str, content: bytes, licenses: dict[str, str]) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    is_model = name.endswith(".onnx")
    told = licenses[name] if is_model else "DejaVu Fonts License"
    return {
        "type": "machine-learning-model" if is_model else "file",
        "bom-ref": f"{name}@sha256:{digest}",
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": [{"license": {"name": told}}],
    }


if __name__ == "__main__":
    main()
