"""Examine which encoders, decoders and providers work on this machine."""

import platform
from importlib.metadata import PackageNotFoundError, version

from timeline_nb import __version__

__all__ = ["examine"]

_LIBRARIES = (
    "av",
    "numpy",
    "pandas",
    "pillow",
    "opencv-python",
    "onnxruntime-gpu",
    "onnxruntime",
    "jupyterlab",
    "ipywidgets",
    "anywidget",
)


def examine() -> dict[str, dict[str, str]]:
    """Return facts by title; encoders, devices and providers are each tried."""
    return {
        "versions": _versions(),
        "encoders": _encoders(),
        "decoding devices": _devices(),
        "recognition": _recognition(),
        "text": _text(),
    }


def _versions() -> dict[str, str]:
    found = {
        "timeline_nb": __version__,
        "python": f"{platform.python_version()} on {platform.platform()}",
    }
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _encoders() -> dict[str, str]:
    from timeline_nb.render.encoders import try_encoders

    return {result.name: result.verdict for result in try_encoders()}


def _devices() -> dict[str, str]:
    from timeline_nb.media.hardware import try_devices

    found = {result.name: result.verdict for result in try_devices()}
    return found or {"none": "FFmpeg was built without hardware decoders"}


def _recognition() -> dict[str, str]:
    from timeline_nb.recognition.inference.providers import describe_providers

    return describe_providers()


def _text() -> dict[str, str]:
    from PIL import features

    from timeline_nb.notebook.drawing import font

    shaping = "yes" if features.check("raqm") else "no: complex scripts are not shaped"
    name = getattr(font(12), "getname", lambda: ("bitmap",))()
    return {"font": " ".join(map(str, name)), "shaping (Raqm)": shaping}
