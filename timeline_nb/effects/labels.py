"""The words of the catalog as people read them: labels, units, words of a search."""

from collections.abc import Iterator
from typing import Final

from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.spec import Spec
from timeline_nb.effects.titles.styles import SUBTITLE_STYLES
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.effects.transitions.run import transition_spec

__all__ = [
    "catalog_hints",
    "catalog_labels",
    "label_of",
    "search_words",
    "shown_unit",
]

# Names that are not their words with a capital letter.
_LABELS: Final = {
    "3d": "3D",
    "bt2020": "Rec. 2020",
    "bt709": "Rec. 709",
    "cine_style": "CineStyle",
    "d_gamut": "D-Gamut",
    "d_log": "D-Log",
    "hdr_to_sdr": "HDR to SDR",
    "high_db": "High gain",
    "high_hz": "High frequency",
    "hlg": "HLG",
    "k1": "Distortion",
    "k2": "Distortion at the edges",
    "lift_gamma_gain": "Color wheels",
    "limit_db": "Limit",
    "low_db": "Low gain",
    "low_hz": "Low frequency",
    "lut": "LUT",
    "makeup_db": "Make-up gain",
    "mid_db": "Mid gain",
    "mid_hz": "Mid frequency",
    "mid_q": "Mid Q",
    "out_black": "Output black",
    "out_white": "Output white",
    "picture_in_picture": "Picture in picture",
    "pq": "PQ",
    "rec2020": "Rec. 2020",
    "rec709": "Rec. 709",
    "rgb_split": "RGB split",
    "rotation_deg": "Rotation",
    "s_gamut3_cine": "S-Gamut3.Cine",
    "s_log": "S-Log",
    "v_gamut": "V-Gamut",
    "v_log": "V-Log",
    "vhs": "VHS",
}
# Endings that a unit says beside the field.
_UNIT_ENDINGS: Final = ("_db", "_ms", "_hz", "_deg")
# What people look for, that no name or description says.
_SYNONYMS: Final = {
    "black_and_white": "monochrome desaturate grayscale bw mono noir",
    "box_blur": "soften defocus",
    "channel_map": "swap channels mono stereo",
    "chroma_key": "green screen blue screen ultra key keying matte",
    "compressor": "dynamics level loudness",
    "crop": "trim mask cut edges",
    "curves": "grade tone rgb curve contrast",
    "deinterlace": "interlaced fields combing",
    "denoise": "noise reduction clean grain",
    "dip": "fade to black fade through black white",
    "dissolve": "cross dissolve crossfade fade mix",
    "drop_shadow": "shadow",
    "duck": "ducking sidechain voice over music",
    "equalizer": "eq bass treble tone",
    "exposure": "brighten darken light",
    "gaussian_blur": "soften defocus lens",
    "glow": "bloom halation",
    "grain": "film noise texture",
    "hdr_to_sdr": "tone map tonemap hdr10",
    "hue": "color shift rotate",
    "invert": "negative",
    "letterbox": "cinemascope bars widescreen aspect",
    "levels": "histogram black point white point contrast",
    "lift_gamma_gain": "three way color corrector shadows midtones highlights grade",
    "lower_third_bar": "name caption title strap",
    "lower_third_line": "name caption title strap",
    "luma_key": "matte brightness key",
    "lut": "cube lookup table grade film look",
    "mirror": "reflect flip",
    "mosaic": "pixelate censor",
    "motion_blur": "directional blur",
    "noise_reduction": "denoise hiss hum repair",
    "outro_credits": "roll scroll end credits",
    "perspective": "corner pin distort",
    "picture_in_picture": "pip inset overlay",
    "pixelate": "mosaic censor blocks",
    "push": "slide",
    "reverb": "room hall echo",
    "saturation": "color intensity vivid",
    "shake": "camera handheld earthquake",
    "sharpen": "unsharp mask crisp",
    "solid": "color matte background",
    "speed": "slow motion fast time remap reverse retime",
    "tilt_shift": "miniature",
    "title": "text caption lettering",
    "vignette": "dark corners edges",
    "white_balance": "temperature tint warm cool kelvin",
    "zoom_pan": "ken burns scale move",
}
# Units of the catalog as they stand in a field, and what a value is multiplied by.
_UNITS: Final = {
    "height": ("%", 100.0),
    "width": ("%", 100.0),
    "share": ("%", 100.0),
    "deg": ("°", 1.0),
    "cd/m2": ("nits", 1.0),
    "semitones": ("st", 1.0),
}
# Numbers without a unit that editors know in percent.
_PERCENT: Final = frozenset(
    {
        "amount",
        "blur",
        "colored",
        "damping",
        "decay",
        "depth",
        "feedback",
        "horizontal",
        "mix",
        "opacity",
        "reveal",
        "scale",
        "scratches",
        "similarity",
        "size",
        "softness",
        "spill",
        "threshold",
        "vertical",
        "zoom",
    }
)


def label_of(name: str) -> str:
    """Return a name of the catalog as people read it: `gaussian_blur`, `Gaussian blur`.

    Args:
        name: Of a kind, a group, a parameter or a choice; of a plugin's effect, with
            the plugin's id before a slash.

    >>> label_of("hdr_to_sdr"), label_of("org.example.film/soft_glow")
    ('HDR to SDR', 'Soft glow')
    """
    own = name.rpartition("/")[2]
    if own in _LABELS:
        return _LABELS[own]
    for ending in _UNIT_ENDINGS:
        own = own.removesuffix(ending)
    words = own.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def search_words(kind: str, doc: str) -> str:
    """Return the words by which a kind is found beside its label, in lower case."""
    return f"{kind} {doc} {_SYNONYMS.get(kind, '')}".replace("_", " ").casefold()


def shown_unit(name: str, parameter: Parameter) -> tuple[str, float]:
    """Return the unit in a parameter's field, and what its value is multiplied by.

    >>> from timeline_nb.effects.parameters import number
    >>> shown_unit("radius", number(0.01, 0, 1, "height"))
    ('%', 100.0)
    """
    if parameter.kind == "point":
        return ("%", 100.0)
    if parameter.kind != "number":
        return ("", 1.0)
    if not parameter.unit and name in _PERCENT and parameter.high <= 20:
        return ("%", 100.0)
    return _UNITS.get(parameter.unit, (parameter.unit, 1.0))


def catalog_labels() -> Iterator[str]:
    """Yield every label of the package's own catalog, for translators.

    Those of plugins and of a notebook's own effects are left out.
    """
    for spec in _own_specs():
        yield label_of(spec.kind)
        yield label_of(spec.group)
        for name, parameter in spec.parameters.items():
            yield label_of(name)
            yield from map(label_of, parameter.choices)
    for name, template in TEMPLATES.items():
        yield label_of(name)
        yield label_of(template.group)
    yield from map(label_of, SUBTITLE_STYLES)


def catalog_hints() -> Iterator[str]:
    """Yield the sentences that explain kinds and parameters, for translators."""
    for spec in _own_specs():
        yield spec.doc
        yield from (parameter.doc for parameter in spec.parameters.values())


def _own_specs() -> Iterator[Spec]:
    """Yield the kinds of the package, with all the parameters that are shown."""
    for spec in catalog():
        if not spec.origin and "/" not in spec.kind:
            is_transition = spec.medium == "transition"
            yield transition_spec(spec.kind) if is_transition else spec
