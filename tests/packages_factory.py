"""Installed packages with a plugin: a module, and metadata as pip writes it."""

import base64
import hashlib
import shutil
import textwrap
from pathlib import Path
from zipfile import ZipFile

HEAD = "import timeline_nb as tl\nplugin = tl.PythonPlugin('A test.')\n"


def source_of(body: str) -> str:
    """The source of a module that declares a plugin."""
    return HEAD + textwrap.dedent(body)


def install(
    folder: Path,
    module: str,
    source: str,
    *,
    package: str = "",
    version: str = "1.0",
    points: dict[str, str] | None = None,
    code_folder: Path | None = None,
) -> Path:
    """Write a package into a folder, in place of the version that is there.

    Args:
        folder: The installation's; it is to be on `sys.path`.
        module: The module's name.
        source: Its source.
        package: The distribution's name; like the module's if not given.
        version: The distribution's.
        points: Its entry points; one of the module's name if not given.
        code_folder: Where the module lies, of an editable installation.

    Returns:
        The module's file.
    """
    package = package or module.replace("_", "-")
    name = package.replace("-", "_")
    for old in folder.glob(f"{name}-*.dist-info"):
        shutil.rmtree(old)
    home = code_folder or folder
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"{module}.py"
    path.write_text(source)
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    files = {
        "METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
        "License-Expression: MIT\n",
        "entry_points.txt": _points(points or {module.replace("_", "."): module}),
    }
    for file, text in files.items():
        (info / file).write_text(text)
    listed = [] if code_folder else [path]
    record = [f"{one.name},{_hashed(one)}" for one in listed]
    record += [f"{info.name}/{file},{_hashed(info / file)}" for file in files]
    (info / "RECORD").write_text("\n".join([*record, f"{info.name}/RECORD,,"]) + "\n")
    return path


def wheel(folder: Path, module: str, source: str) -> Path:
    """A wheel of the same package, for pip."""
    built = folder / "built"
    install(built, module, source)
    info = built / f"{module}-1.0.dist-info"
    (info / "WHEEL").write_text(
        "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n"
    )
    listed = [one for one in built.rglob("*") if one.is_file() and one.name != "RECORD"]
    record = [f"{one.relative_to(built)},{_hashed(one)}" for one in listed]
    (info / "RECORD").write_text("\n".join([*record, f"{info.name}/RECORD,,"]) + "\n")
    path = folder / f"{module}-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for one in [*listed, info / "RECORD"]:
            archive.write(one, str(one.relative_to(built)))
    return path


def _points(points: dict[str, str]) -> str:
    lines = [
        f"{name} = {value if ':' in value else value + ':plugin'}"
        for name, value in points.items()
    ]
    return "\n".join(["[timeline_nb.plugins]", *lines, ""])


def _hashed(path: Path) -> str:
    data = path.read_bytes()
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={digest.decode().rstrip('=')},{len(data)}"
