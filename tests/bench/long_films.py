"""Does a film's length or its number of clips cost more than it must?

    python tests/bench/long_films.py [FOLDER] [MINUTES]

The most memory of a 1080p film of a minute and of many (two hours if not told
otherwise), made by looping two minutes; and the CPU a frame of 20 and of 2,000 clips of
half a second each, small, so that what is not decoding and encoding shows.
"""

import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.films import films
from bench.measure import Cost, about, cost_of, cpu_s, folder_of

HD, SMALL = (1920, 1080), (192, 112)
# So many clips of twelve seconds, over and over.
LOOPED = 10


def render(folder: Path, clips: int, frames: int, size: tuple[int, int]) -> None:
    """So many clips of so many frames each, none like another."""
    from msgspec.structs import replace
    from references import cut_from

    from timeline_nb.core.jobs import Reporter
    from timeline_nb.media.library import MediaLibrary
    from timeline_nb.render.profile import Profile
    from timeline_nb.render.render import Renderer
    from timeline_nb.segments.store import SegmentStore
    from timeline_nb.timeline import edits
    from timeline_nb.timeline.model import Effect, Timeline

    library = MediaLibrary(folder / "cache")
    film = films(folder, seconds=15, gop=30)["a"] if size == HD else small_film(folder)
    row = []
    for place in range(clips):
        number = place % LOOPED if size == HD else place
        # A shade of its own, so that nothing is known from the clip before.
        amount = (number + 1) / 1_000_000
        shade = Effect(kind="brightness", parameters={"amount": amount})
        start = Fraction(number * 7 % 60, 30)
        clip = cut_from(film, library, start, Fraction(frames, 30))
        row.append(replace(clip, effects=(shade,)))
    empty = Timeline(name="long", rate=Fraction(30), size=size)
    store = SegmentStore(folder / "long")
    store.clear()
    renderer = Renderer(library, folder / "cache", store=store)
    profile = Profile(preset="ultrafast", crf=30)
    timeline = edits.append(empty, row)
    # A short edit is made so often that its cost can be told at all.
    rounds = max(1, 2000 // clips) if size == SMALL else 1
    before = cpu_s()
    for _ in range(rounds):
        store.clear()
        renderer.render(timeline, folder / "long.mp4", profile, Reporter())
    cpu = cpu_s() - before
    (folder / "ms").write_text(str(1000 * cpu / (rounds * clips * frames)))
    store.clear()


def small_film(folder: Path) -> Path:
    from media_factory import Recipe, make

    options = (("crf", "20"), ("g", "30"))
    recipe = Recipe("small.mp4", frames=300, rate=Fraction(30), options=options)
    return (
        folder / "small.mp4"
        if (folder / "small.mp4").exists()
        else make(folder, recipe)
    )


def cost(folder: Path, clips: int, frames: int, size: tuple[int, int]) -> Cost:
    words = [clips, frames, *size]
    return cost_of([sys.executable, __file__, "render", str(folder), *map(str, words)])


def main(folder: Path, minutes: int) -> None:
    print(about())
    films(folder, seconds=15, gop=30)
    short = cost(folder, 5, 360, HD)
    long = cost(folder, 5 * minutes, 360, HD)
    share = long.memory_mb / short.memory_mb
    print(f"1 min {short.memory_mb:.0f} MB, {minutes} min {long.memory_mb:.0f} MB:")
    print(f"  {share:.2f} x the memory")
    told = []
    for clips in (20, 2000):
        cost(folder, clips, 15, SMALL)
        told.append(float((folder / "ms").read_text()))
    print(f"20 clips {told[0]:.2f} ms CPU a frame, 2,000 clips {told[1]:.2f} ms:")
    print(f"  {told[1] / told[0]:.2f} x a frame")


if __name__ == "__main__":
    if sys.argv[1:2] == ["render"]:
        clips, frames, width, height = map(int, sys.argv[3:7])
        render(Path(sys.argv[2]), clips, frames, (width, height))
    else:
        minutes = int(sys.argv[2]) if len(sys.argv) > 2 else 120
        with folder_of(sys.argv[1:]) as place:
            main(place, minutes)
