"""Builds plugins of their sources, and compares the bytes with those that are kept.

python tests/plugin_builds.py            # compare, in copies of their folders
python tests/plugin_builds.py --write    # build them anew where they lie
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("timeline_nb/wasm_plugins/bundled", "tests/plugins_src")
# Other releases of clang write other bytes.
CLANG = "clang version 14.0.6"
_LIMIT_S = 300


def plugin_folders() -> list[Path]:
    """Return the folders of the plugins that are built here."""
    found = [one for name in FOLDERS for one in (ROOT / name).glob("*/build.sh")]
    return sorted(path.parent for path in found)


def what_is_missing(script: str) -> str:
    """Return what a build needs and this machine lacks; empty if it has all."""
    if "npm" in script and shutil.which("npm") is None:
        return "npm is not installed (Node 20 or newer has it)"
    if "clang-14" not in script:
        return ""
    advice = "Debian 12: apt-get install clang-14 lld-14"
    if shutil.which("clang-14") is None or shutil.which("wasm-ld-14") is None:
        return f"clang-14 or its lld is not installed ({advice})"
    said = subprocess.run(
        ["clang-14", "--version"], capture_output=True, text=True, check=False
    ).stdout.partition("\n")[0]
    return "" if CLANG in said else f"it needs {CLANG}, and this is {said}"


def build(folder: Path) -> str:
    """Build a plugin in its folder, and return why that failed."""
    ended = subprocess.run(
        ["sh", "build.sh"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    return "" if ended.returncode == 0 else f"{ended.stdout}{ended.stderr}".strip()


def difference(folder: Path) -> str:
    """Return how a plugin that is built anew differs from the one that is kept."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("node_modules"))
        packages = folder / "node_modules"
        if packages.exists():
            (copy / "node_modules").symlink_to(packages)
        for suffix in (".wasm", ".json"):
            (copy / folder.name).with_suffix(suffix).unlink()
        if fault := build(copy):
            return f"it cannot be built: {fault}"
        for suffix in (".wasm", ".json"):
            kept, built = (
                (one / folder.name).with_suffix(suffix).read_bytes()
                for one in (folder, copy)
            )
            if kept != built:
                hashes = [hashlib.sha256(one).hexdigest()[:16] for one in (kept, built)]
                name = f"{folder.name}{suffix}"
                return f"{name} is {hashes[0]}, and its sources give {hashes[1]}"
    return ""


def main() -> None:
    is_writing = sys.argv[1:] == ["--write"]
    faults = 0
    for folder in plugin_folders():
        name = folder.relative_to(ROOT)
        if reason := what_is_missing((folder / "build.sh").read_text()):
            print(f"SKIPPED {name}: {reason}")
            continue
        fault = build(folder) if is_writing else difference(folder)
        faults += bool(fault)
        done = "built" if is_writing else "its sources give the bytes that are kept"
        print(f"{'FAILED' if fault else 'ok'} {name}: {fault or done}", flush=True)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
