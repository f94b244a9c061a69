"""What may leave this machine: names, keys and words that are known here.

A span may carry any facts and a label for the person at the notebook. What is exported
is made by `attributes` alone, which leaves out every key that is not listed and writes
`other` for every word that is not, so that no file name, path, title, text or account
can be in it, whatever a caller passes.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

__all__ = [
    "NUMBERS",
    "OTHER",
    "SPAN_NAMES",
    "WORDS",
    "Fact",
    "attributes",
    "job_kind",
    "known_name",
]

Fact: TypeAlias = bool | int | float | str
OTHER: Final = "other"

SPAN_NAMES: Final = frozenset(
    {
        "job",
        "job.queue",
        "render.plan",
        "render.loudness",
        "render.size",
        "render.encode",
        "render.sound",
        "render.segment",
        "render.pictures",
        "render.mux",
        "render.check",
        "media.open",
        "media.index",
        "detect",
        "detect.load",
        "detect.search",
        "detect.prepare",
        "detect.infer",
        "plugin.call",
        "http.request",
        "widget.message",
        "health.check",
        "project.save",
        "project.load",
    }
)

# Numbers and flags by the key in code: the attribute's name.
NUMBERS: Final = {
    "frames": "timeline_nb.frames",
    "first": "timeline_nb.segment.first_frame",
    "segment": "timeline_nb.segment.number",
    "segments": "timeline_nb.segments",
    "workers": "timeline_nb.workers",
    "width": "timeline_nb.width",
    "height": "timeline_nb.height",
    "wait_s": "timeline_nb.job.wait",
    "body_bytes": "http.response.body.size",
    "status": "http.response.status_code",
    "batch": "timeline_nb.detect.batch",
    "copied_frames": "timeline_nb.render.copied_frames",
    "cached_frames": "timeline_nb.render.cached_frames",
    "encoded_frames": "timeline_nb.render.encoded_frames",
    "cpu_s": "timeline_nb.job.cpu_time",
    "idle_s": "timeline_nb.job.idle_time",
    "cores": "timeline_nb.cores",
}

_CODECS: Final = (
    "h264 hevc h265 av1 vp8 vp9 prores dnxhd mjpeg mpeg4 mpeg2video ffv1 gif png apng "
    "webp rawvideo libx264 libx265 libsvtav1 libaom-av1 libvpx-vp9 h264_nvenc "
    "hevc_nvenc av1_nvenc h264_qsv hevc_qsv h264_vaapi hevc_vaapi h264_videotoolbox "
    "hevc_videotoolbox prores_ks aac opus libopus flac pcm_s16le pcm_s24le mp3"
)
_JOB_KINDS: Final = (
    "render detect publish scan stabilize measure loudness normalize pull check "
    "connect disconnect group proxy sync follow install write import export pack "
    "unpack run batch find sign verify estimate relink look"
)
_STAGES: Final = (
    "decode generate effect transition compose blend convert encode write wait mix mux "
    "prepare infer read open other queue"
)
_CACHES: Final = (
    "segments detections frames decoders detectors proxies scrubbed thumbnails titles "
    "plugins"
)
_ROUTES: Final = (
    "/ /static timeline_nb/media timeline_nb/health timeline_nb/metrics "
    "timeline_nb/socket"
)
_WORDS: Final = {
    "kind": ("timeline_nb.job.kind", _JOB_KINDS),
    "stage": ("timeline_nb.stage", _STAGES),
    "codec": ("timeline_nb.codec", _CODECS),
    "action": ("timeline_nb.segment.action", "copy cached encode"),
    "outcome": ("timeline_nb.outcome", "completed failed cancelled"),
    "cache": (
        "timeline_nb.cache",
        _CACHES,
    ),
    "result": ("timeline_nb.cache.result", "hit miss"),
    "method": ("http.request.method", "GET HEAD POST PUT DELETE OPTIONS"),
    "route": (
        "http.route",
        _ROUTES,
    ),
    "check": (
        "timeline_nb.health.check",
        "cache data disk decoder encoder detector keyring queue server",
    ),
    "device": ("timeline_nb.device", "cpu cuda tensorrt coreml directml openvino"),
    "state": ("timeline_nb.state", "running waiting"),
}
# Words by the key in code: the attribute's name, and all that it may be.
WORDS: Final = {
    key: (name, {word: word for word in words.split()})
    for key, (name, words) in _WORDS.items()
}


def attributes(facts: Mapping[str, object]) -> dict[str, Fact]:
    """Return what may be exported of facts, by the attributes' names.

    Example:
        >>> attributes({"frames": 25, "codec": "h264", "path": "/home/ada/film.mp4"})
        {'timeline_nb.frames': 25, 'timeline_nb.codec': 'h264'}
        >>> attributes({"codec": "Holiday in Rome"})
        {'timeline_nb.codec': 'other'}
    """
    made: dict[str, Fact] = {}
    for key, value in facts.items():
        # Not subclasses: an enumeration's or a path's text is nobody's word.
        if key in NUMBERS and type(value) in {bool, int, float}:
            made[NUMBERS[key]] = value  # type: ignore[assignment]
        elif key in WORDS:
            name, words = WORDS[key]
            # The word that is listed, not the object that equals it.
            made[name] = words.get(value, OTHER) if isinstance(value, str) else OTHER
    return made


def known_name(name: str) -> str:
    """Return a span's name, or `other` for one that is not listed."""
    return name if name in SPAN_NAMES else OTHER


def job_kind(name: str) -> str:
    """Return what kind of job a name begins with: `render` of "render film.mp4"."""
    first = name.partition(" ")[0]
    return first if first in WORDS["kind"][1] else OTHER
