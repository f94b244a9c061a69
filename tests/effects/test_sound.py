"""Sound: levels, tones and rooms beside formulas and the ffmpeg program."""

import math
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

import timeline_nb as tl
from timeline_nb.compose.mix import AudioMixer
from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.sound.chain import SoundChain
from timeline_nb.effects.sound.loudness import measure
from timeline_nb.effects.sound.space import impulse_response
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.model import Clip, Effect, Keyframe
from timeline_nb.timeline.queries import clips_of_track

HZ = 48_000
Sound = NDArray[np.float32]


class Given:
    """A sound that is read from its beginning."""

    def __init__(self, sound: Sound) -> None:
        self.sound, self.at = sound, 0

    def read(self, count: int) -> Sound:
        part = self.sound[:, self.at : self.at + count]
        self.at += count
        missing = count - part.shape[1]
        return np.pad(part, ((0, 0), (0, missing))).astype(np.float32)


def tone(frequency: float, seconds: float = 2.0, level: float = 0.25) -> Sound:
    time = np.arange(int(seconds * HZ)) / HZ
    wave = level * np.sin(2 * np.pi * frequency * time)
    return np.stack([wave, wave]).astype(np.float32)


def heard(sound: Sound, *effects: Effect, block: int = 1000, **tracks: Sound) -> Sound:
    """What a chain of effects makes of a sound, read in blocks."""
    reader = SoundChain(effects).over(
        Given(sound), HZ, Fraction(0), lambda name: Given(tracks[name])
    )
    count = sound.shape[1]
    parts = [reader.read(min(block, count - at)) for at in range(0, count, block)]
    return np.concatenate(parts, axis=1)


def made(kind: str, **values: Any) -> Effect:
    return Effect(kind=kind, parameters=values)


def level_db(sound: Sound, begin_s: float = 0.5) -> float:
    part = sound[:, int(begin_s * HZ) :]
    return float(10 * np.log10(np.mean(part.astype(np.float64) ** 2) + 1e-20))


def pitch_hz(sound: Sound) -> float:
    part = sound[0, HZ // 2 : HZ // 2 + HZ]
    power = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    return float(power.argmax())


def ffmpeg(path: Path, chain: str) -> str:
    command = ["ffmpeg", "-nostats", "-hide_banner", "-i", str(path), "-af", chain]
    made = subprocess.run(
        [*command, "-f", "null", "-"], check=True, capture_output=True
    )
    return made.stderr.decode()


def write_wav(path: Path, sound: Sound) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=HZ)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "stereo"
        packed = np.ascontiguousarray(sound.T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, "flt", "stereo")
        frame.sample_rate, frame.pts = HZ, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sound]:
    """Six seconds of bursts of noise, softer and louder, as of someone talking."""
    chance = np.random.default_rng(2)
    noise = chance.standard_normal((2, 8 * HZ)).cumsum(axis=1)
    noise -= np.stack([np.convolve(n, np.ones(400) / 400, "same") for n in noise])
    noise = noise[:, HZ:-HZ]
    time = np.arange(6 * HZ) / HZ
    envelope = 0.02 + 0.2 * np.clip(np.sin(2 * np.pi * 0.7 * time), 0, 1)
    sound = (noise / np.abs(noise).max() * envelope).astype(np.float32)
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    return write_wav(path, sound), sound


@pytest.fixture
def cut(tmp_path: Path, speech: tuple[Path, Sound]) -> tl.Edit:
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))
    edit = tl.Edit("talk", rate=25, size=(320, 180), studio=studio)
    edit.append(tl.open(speech[0], studio=studio))
    return edit


def mixed(edit: tl.Edit, start: int = 0, count: int = 6 * HZ) -> Sound:
    with AudioMixer(edit.timeline, edit.studio.library, start=start) as mixer:
        parts = [mixer.read(min(4800, count - at)) for at in range(0, count, 4800)]
        return np.concatenate(parts, axis=1)


def test_a_gain_is_exact_and_its_keyframes_are_so_to_the_sample() -> None:
    assert heard(tone(440), made("gain", gain_db=6.0)) == pytest.approx(
        tone(440) * 10**0.3, abs=1e-6
    )
    keys = (
        Keyframe(time=Fraction(1), value=0.0),
        Keyframe(time=Fraction(2), value=-20.0),
    )
    flat = np.ones((2, 3 * HZ), np.float32)
    own = heard(flat, Effect(kind="gain", keyframes={"gain_db": keys}), block=777)
    time = np.arange(3 * HZ) / HZ
    wanted = 10 ** (np.interp(time, [1, 2], [0, -20]) / 20)
    assert own[0] == pytest.approx(wanted, abs=1e-6)


def test_a_pan_moves_and_leaves_the_middle_as_it_is() -> None:
    sound = tone(440)
    assert heard(sound, made("pan", position=0.0)) == pytest.approx(sound, abs=1e-6)
    left = heard(sound, made("pan", position=-1.0))
    assert np.abs(left[1]).max() < 1e-6
    assert level_db(left[:1]) == pytest.approx(level_db(sound[:1]) + 3, abs=0.1)


@pytest.mark.parametrize(
    ("effect", "passes", "stops"),
    [
        (made("high_pass", frequency=500.0, order=4), 4000, 60),
        (made("low_pass", frequency=500.0, order=4), 60, 4000),
    ],
)
def test_a_pass_lets_one_side_through(effect: Effect, passes: int, stops: int) -> None:
    assert level_db(heard(tone(passes), effect)) > level_db(tone(passes)) - 0.5
    assert level_db(heard(tone(stops), effect)) < level_db(tone(stops)) - 50
    # At its edge a Butterworth filter lets half of the power through.
    edge = level_db(heard(tone(500), effect)) - level_db(tone(500))
    assert edge == pytest.approx(-3, abs=0.2)


def test_an_equaliser_raises_each_band_by_what_it_says() -> None:
    effect = made("equalizer", low_db=6.0, mid_db=-9.0, mid_hz=1000.0, high_db=4.0)
    for frequency, gain in ((30, 6), (1000, -9), (16_000, 4)):
        own = level_db(heard(tone(frequency), effect)) - level_db(tone(frequency))
        assert own == pytest.approx(gain, abs=0.8), frequency


def test_an_equaliser_is_that_of_ffmpeg(
    speech: tuple[Path, Sound], tmp_path: Path
) -> None:
    path, sound = speech
    target = tmp_path / "peer.wav"
    chain = "equalizer=f=1000:t=q:w=1:g=-9"
    subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-i",
            path,
            "-af",
            chain,
            "-c:a",
            "pcm_f32le",
            target,
        ],
        check=True,
    )
    with av.open(str(target)) as container:
        frames = [f.to_ndarray() for f in container.decode(audio=0)]
    peer: Any = np.concatenate(frames, axis=1).reshape(-1, 2).T
    own = heard(sound, made("equalizer", mid_db=-9.0, mid_hz=1000.0, mid_q=1.0))
    assert np.abs(own - peer[:, : own.shape[1]]).max() < 2e-3


def test_loud_becomes_softer_and_soft_stays() -> None:
    effect = made("compressor", threshold_db=-20.0, ratio=4.0, knee_db=0.0)
    loud, soft = tone(440, level=0.7), tone(440, level=0.02)
    change = level_db(heard(loud, effect), 1) - level_db(loud, 1)
    assert -16 < change < -6
    assert level_db(heard(soft, effect), 1) == pytest.approx(level_db(soft, 1), abs=0.3)


def test_nothing_is_louder_than_its_limit_and_nothing_is_late() -> None:
    effect = made("limiter", limit_db=-6.0)
    own = heard(tone(440, level=0.9), effect)
    assert np.abs(own[:, HZ // 2 :]).max() <= 10 ** (-6 / 20) * 1.02
    soft = tone(440, level=0.1)
    assert heard(soft, effect) == pytest.approx(soft, abs=2e-3)


def test_a_gate_closes_on_what_is_soft() -> None:
    effect = made("gate", threshold_db=-30.0, range_db=-60.0, ratio=20.0)
    soft, loud = tone(440, level=0.005), tone(440, level=0.4)
    assert level_db(heard(soft, effect), 1) < level_db(soft, 1) - 25
    assert level_db(heard(loud, effect), 1) == pytest.approx(level_db(loud, 1), abs=0.5)


def test_music_gives_way_to_a_voice_and_comes_back() -> None:
    voice = tone(300, 4.0, 0.5)
    voice[:, : 1 * HZ] = 0
    voice[:, 2 * HZ :] = 0
    music = tone(880, 4.0, 0.25)
    own = heard(music, made("duck", under="A2"), A2=voice)
    before = level_db(own[:, : HZ // 2], 0)
    during = level_db(own[:, int(1.4 * HZ) : 2 * HZ], 0)
    after = level_db(own[:, int(3.5 * HZ) :], 0)
    assert during < before - 8
    assert after == pytest.approx(before, abs=1)


def test_a_track_ducks_under_another_in_an_edit(
    cut: tl.Edit, speech: tuple[Path, Sound]
) -> None:
    cut.add_track("audio")
    cut.overwrite(tl.open(speech[0], studio=cut.studio), at=0, track="A2")
    plain = mixed(cut)
    cut.effects.add("A2", "duck", under="A1", threshold_db=-40.0)
    assert level_db(mixed(cut), 0) < level_db(plain, 0) - 1.5
    with pytest.raises(CompositionError, match=r"'A9', which is no audio.* A1, A2"):
        cut.effects.set("A2", "duck", under="A9")


def test_a_clip_that_would_hear_its_own_track_is_named(
    cut: tl.Edit, speech: tuple[Path, Sound]
) -> None:
    cut.add_track("audio")
    cut.overwrite(tl.open(speech[0], studio=cut.studio), at=0, track="A2")
    first, second = (
        next(item.id for item in track.items if isinstance(item, Clip))
        for track in cut.timeline.tracks
        if track.kind == "audio"
    )
    cut.effects.add(first, "duck", under="A2", threshold_db=-40.0)
    mixed(cut)
    cut.effects.add(second, "duck", under="A1", threshold_db=-40.0)
    with pytest.raises(CompositionError, match="'A1' would hear itself"):
        mixed(cut)


@pytest.mark.parametrize(("semitones", "wanted"), [(12.0, 880), (-5.0, 329.6)])
def test_a_pitch_changes_and_the_tempo_does_not(
    semitones: float, wanted: float
) -> None:
    clicks = tone(440)
    own = heard(clicks, made("pitch", semitones=semitones))
    assert pitch_hz(own) == pytest.approx(wanted, rel=0.01)
    assert own.shape == clicks.shape


def test_steady_noise_is_taken_away_and_tones_stay() -> None:
    chance = np.random.default_rng(1)
    noise = chance.normal(0, 0.003, (2, 4 * HZ)).astype(np.float32)
    effect = made("noise_reduction", reduction_db=20.0, floor_db=-45.0)
    assert level_db(heard(noise, effect), 2) < level_db(noise, 2) - 6
    loud = tone(440, 4.0) + noise
    assert level_db(heard(loud, effect), 2) == pytest.approx(level_db(loud, 2), abs=1)


def test_echoes_come_back_when_and_as_loud_as_they_should() -> None:
    click = np.zeros((2, HZ), np.float32)
    click[:, 0] = 1
    own = heard(click, made("delay", time_ms=100.0, feedback=0.5, mix=0.4), block=333)
    found = {int(at): float(own[0, at]) for at in np.nonzero(np.abs(own[0]) > 1e-3)[0]}
    step = HZ // 10
    wanted = {0: 1.0} | {step * n: 0.4 * 0.5 ** (n - 1) for n in range(1, 10)}
    assert found == pytest.approx(wanted, abs=1e-4)


def test_a_room_rings_for_as_long_as_it_says() -> None:
    click = np.zeros((2, 2 * HZ), np.float32)
    click[:, 0] = 1
    own = heard(click, made("reverb", seconds=1.0, mix=1.0, damping=0.0))
    energy = np.cumsum((own[0, ::-1].astype(np.float64)) ** 2)[::-1]
    fall = 10 * np.log10(energy / energy[0] + 1e-12)
    # From -5 to -35 dB, doubled: the reverberation time as ISO 3382 has it.
    first, last = np.argmax(fall < -5), np.argmax(fall < -35)
    assert 2 * (last - first) / HZ == pytest.approx(1.0, rel=0.25)
    again = heard(click, made("reverb", seconds=1.0, mix=1.0, damping=0.0), block=501)
    assert again == pytest.approx(own, abs=1e-5)
    assert np.sum(impulse_response(1.0, 0.5, HZ)[0] ** 2) == pytest.approx(1)


def test_channels_are_put_where_they_are_wanted() -> None:
    left = np.stack([np.full(100, 0.5), np.zeros(100)]).astype(np.float32)
    wanted = {
        "mono": (0.25, 0.25), "left": (0.5, 0.5), "right": (0, 0), "swap": (0, 0.5),
        "side": (0.25, -0.25), "stereo": (0.5, 0),
    }  # fmt: skip
    for source, pair in wanted.items():
        own = heard(left, made("channel_map", source=source))
        assert own[:, 50] == pytest.approx(pair), source


def test_loudness_is_that_of_ffmpeg(speech: tuple[Path, Sound]) -> None:
    path, sound = speech
    summary = ffmpeg(path, "ebur128=peak=true").split("Summary:")[1]

    def figure(name: str) -> float:
        return float(summary.split(name)[1].split()[0])

    own = measure([sound[:, n : n + 4800] for n in range(0, 6 * HZ, 4800)], HZ)
    assert own.integrated_lufs == pytest.approx(figure("I:"), abs=0.1)
    assert own.true_peak_dbtp == pytest.approx(figure("Peak:"), abs=0.2)
    assert own.range_lu == pytest.approx(figure("LRA:"), abs=1.0)


def test_loudness_of_the_tone_of_the_standard() -> None:
    # EBU Tech 3341, case 1: 1 kHz at -23 dBFS in both channels is -23 LUFS.
    sound = tone(1000, 20, 10 ** (-23 / 20))
    own = measure([sound], HZ)
    assert own.integrated_lufs == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("target", [-14.0, -23.0])
def test_a_normalised_edit_is_as_loud_as_was_asked(cut: tl.Edit, target: float) -> None:
    before = cut.audio.normalize(target)
    assert before.integrated_lufs != pytest.approx(target, abs=0.5)
    after = cut.audio.loudness()
    assert after.integrated_lufs == pytest.approx(target, abs=0.5)
    assert after.true_peak_dbtp <= -0.8
    cut.undo()
    assert cut.audio.loudness().integrated_lufs == pytest.approx(before.integrated_lufs)


def test_what_is_read_from_the_middle_is_what_is_heard_there(cut: tl.Edit) -> None:
    cut.effects.add("c1", "compressor")
    cut.effects.add("A1", "high_pass")
    cut.effects.add(None, "limiter", limit_db=-6.0)
    whole = mixed(cut)
    part = mixed(cut, start=4 * HZ, count=HZ)
    assert part == pytest.approx(whole[:, 4 * HZ : 5 * HZ], abs=2e-3)


def test_a_voice_keeps_its_pitch_at_another_speed_and_a_tape_does_not(
    tmp_path: Path,
) -> None:
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))
    path = write_wav(tmp_path / "tone.wav", tone(440, 6.0))
    edit = tl.Edit("t", rate=25, size=(320, 180), studio=studio)
    edit.append(tl.open(path, studio=studio))
    edit.speed("c1", "1.5")
    assert edit.duration == 4
    assert pitch_hz(mixed(edit, count=2 * HZ)) == pytest.approx(440, abs=3)
    edit.speed("c1", 1)
    edit.speed("c1", "1.5", keep_pitch=False)
    assert pitch_hz(mixed(edit, count=2 * HZ)) == pytest.approx(660, abs=3)
    edit.speed("c1", 1)
    edit.speed("c1", "-1")
    own = mixed(edit, count=2 * HZ)
    assert pitch_hz(own) == pytest.approx(440, abs=3)
    assert level_db(own) == pytest.approx(level_db(tone(440)), abs=1.5)


def test_stretched_speech_is_as_loud_and_as_long_as_it_should_be(
    cut: tl.Edit, speech: tuple[Path, Sound]
) -> None:
    cut.speed("c1", "0.75")
    assert cut.duration == 8
    own = mixed(cut, count=8 * HZ)
    assert level_db(own, 0) == pytest.approx(level_db(speech[1], 0), abs=1)

    def swell(sound: Sound, seconds: float) -> Any:
        """Loudness over time, in a hundred parts."""
        parts = np.array_split(np.abs(sound[0, : int(seconds * HZ)]), 100)
        return np.array([part.mean() for part in parts])

    likeness = np.corrcoef(swell(own, 8), swell(speech[1], 6))[0, 1]
    assert likeness > 0.97


def test_levels_of_each_track_can_be_watched(cut: tl.Edit) -> None:
    table = cut.audio.levels(0, "2s", steps=20)
    assert list(table.columns) == ["time_s", "track", "left_db", "right_db"]
    assert len(table) == 20
    assert table["left_db"].max() < 0
    cut.set_track("A1", gain_db=-12.0)
    softer = cut.audio.levels(0, "2s", steps=20)
    assert softer["left_db"].max() == pytest.approx(
        table["left_db"].max() - 12, abs=0.1
    )


def test_a_clip_swells_and_wanders_as_its_keyframes_say(cut: tl.Edit) -> None:
    plain = mixed(cut)
    cut.effects.animate("c1", "gain_db", {0: 0.0, "6s": -60.0})
    cut.effects.animate("c1", "pan", {0: -1.0, "6s": 1.0})
    own = mixed(cut)
    time = np.arange(6 * HZ) / HZ
    gain = 10 ** (-60 * time / 6 / 20)
    angle = time / 6 * np.pi / 2
    assert own[0] == pytest.approx(
        plain[0] * gain * np.sqrt(2) * np.cos(angle), abs=1e-4
    )
    assert own[1] == pytest.approx(
        plain[1] * gain * np.sqrt(2) * np.sin(angle), abs=1e-4
    )


def test_crossfades_keep_power_or_sum(cut: tl.Edit) -> None:
    cut.split("3s")
    heard = clips_of_track(cut.timeline, "A1")[0]
    for kind, middle in (("dissolve", 2**0.5), ("equal_gain", 1.0), ("linear", 1.0)):
        cut.add_transition(kind, after=heard, duration="1s")
        plain_at = 3 * HZ
        with AudioMixer(cut.timeline, cut.studio.library, start=plain_at) as mixer:
            own = mixer.read(64)
        cut.remove_transition(after=heard)
        with AudioMixer(cut.timeline, cut.studio.library, start=plain_at) as mixer:
            plain = mixer.read(64)
        # The same sound on both sides: it adds up to its middle.
        assert own == pytest.approx(plain * middle, abs=1e-3), kind
    with pytest.raises(CompositionError, match="no crossfade 'wipe'"):
        cut.add_transition("wipe", after=heard)


def test_two_hours_drift_by_nothing(tmp_path: Path) -> None:
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))
    click = np.zeros((2, HZ), np.float32)
    click[:, 480] = 1
    path = write_wav(tmp_path / "click.wav", click)
    media = tl.open(path, studio=studio)
    rate = Fraction(30000, 1001)
    edit = tl.Edit("long", rate=rate, size=(320, 180), studio=studio)
    frame = int(2 * 3600 * rate)
    edit.overwrite(media.clip(), at=frame / rate)
    with AudioMixer(edit.timeline, studio.library, start=round(7199.9 * HZ)) as mixer:
        sound = mixer.read(HZ)
    heard_at = (round(7199.9 * HZ) + int(np.abs(sound[0]).argmax())) / HZ
    seen_at = float(frame / rate) + 480 / HZ
    assert abs(heard_at - seen_at) < 1e-3


@pytest.mark.parametrize(("channels", "count"), [("mono", 1), ("5.1", 6)])
def test_a_film_has_the_channels_that_were_asked_for(
    cut: tl.Edit, tmp_path: Path, channels: Any, count: int
) -> None:
    from timeline_nb.render.profile import Profile

    path = tmp_path / "film.mp4"
    cut.effects.animate("c1", "pan", {0: -1.0})
    cut.render(
        path, profile=Profile(channels=channels, audio_bit_rate_bps=320_000)
    ).wait()
    with av.open(str(path)) as container:
        assert container.streams.audio[0].channels == count
        frames = [f.to_ndarray() for f in container.decode(audio=0)]
    sound = np.concatenate(frames, axis=1)
    left = level_db(mixed(cut)[:1], 0)
    wanted = [left - 6.02] if count == 1 else [left, None, None, None, None, None]
    for channel, level in zip(sound, wanted, strict=True):
        own = level_db(channel[None], 0)
        assert (
            own < left - 40 if level is None else own == pytest.approx(level, abs=0.5)
        )


def test_every_effect_on_sound_is_listened_to_by_some_test() -> None:
    source = Path(__file__).read_text()
    kinds = [spec.kind for spec in catalog("sound")]
    assert not [kind for kind in kinds if f'"{kind}"' not in source]


@pytest.mark.parametrize(
    ("channels", "sounding", "expected"),
    [
        # ITU-R BS.1770-5: a sine of 1 kHz at full scale in one front channel is
        # -3.01 LUFS; one at the side counts 1.41 times, the low effects not at all.
        (6, 0, -3.01),
        (6, 2, -3.01),
        (6, 4, -3.01 + 1.49),
        (6, 3, -math.inf),
        (8, 4, -3.01),
        (8, 6, -3.01 + 1.49),
    ],
)
def test_surround_is_weighed_by_its_place(
    channels: int, sounding: int, expected: float
) -> None:
    sound = np.zeros((channels, 2 * HZ), np.float32)
    sound[sounding] = np.sin(2 * np.pi * 997 * np.arange(2 * HZ) / HZ)
    found = measure([sound], HZ).integrated_lufs
    assert found == expected or found == pytest.approx(expected, abs=0.05)
