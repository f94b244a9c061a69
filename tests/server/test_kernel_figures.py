"""Figures of kernels at `timeline_nb/metrics` of Jupyter's server."""

import os
import signal
import stat
import time
from pathlib import Path

import pytest
from media_factory import Recipe, make
from prometheus_client.parser import text_string_to_metric_families
from server.scene import Site, jupyter, wait_until

from timeline_nb.access.kernel_figures import read_figures, signed_figures
from timeline_nb.server.kernel_figures import joined_figures

RENDER = """
import os
os.environ["TIMELINE_NB_TELEMETRY"] = "metrics"
cut = tl.Edit("Secret Edit", rate=25, size=(160, 90))
cut.append(tl.open("Secret Film.mp4").clip())
cut.render("Secret Out.mp4").wait()
print("rendered")
"""
RENDERS = "timeline_nb_render_duration_seconds_count"


def samples_of(text: str) -> dict[tuple[str, str], float]:
    """Return values by their name and kernel; raise if Prometheus cannot read them."""
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    return {
        (sample.name, sample.labels.get("kernel", "")): sample.value
        for family in families
        for sample in family.samples
    }


def lines_of(text: str, family: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(family)]


def test_a_render_in_a_kernel_is_counted_by_its_server(tmp_path: Path) -> None:
    make(tmp_path, Recipe("Secret Film.mp4", frames=25, size=(160, 90)))

    def text_of(site: Site) -> str:
        return site.ask("timeline_nb/metrics").body.decode()

    with jupyter(tmp_path) as site:
        assert not [key for key in samples_of(text_of(site)) if key[1]]
        assert site.run(RENDER) == "rendered"
        due = (RENDERS, site.place)
        assert wait_until(lambda: samples_of(text_of(site)).get(due) == 1)
        text = text_of(site)
        found = samples_of(text)
        # The server's own have no kernel.
        assert ("timeline_nb_server_sent_bytes_total", "") in found
        assert found["process_thread_count", site.place] > 1
        assert "Secret" not in text
        # What is counted has words of its own.
        assert 'timeline_nb_segment_action="encode"' in text
        assert '"other"' not in "".join(lines_of(text, "timeline_nb_render"))
        assert site.ask("timeline_nb/metrics", login=False).status == 403
        [path] = (tmp_path / ".jupyter" / "runtime").glob("*.figures")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        # One who stops writing is dead.
        kernel = int(site.run("import os; print(os.getpid())"))
        os.kill(kernel, signal.SIGSTOP)
        try:
            os.utime(path, (0, time.time() - 61))
            assert due not in samples_of(text_of(site))
        finally:
            os.kill(kernel, signal.SIGCONT)


def test_only_a_kernel_s_own_words_count(tmp_path: Path) -> None:
    key, path = b"k" * 64, tmp_path / "a.figures"
    path.write_bytes(signed_figures(key, "a 1\n"))
    assert read_figures(path, key) == "a 1\n"
    assert not read_figures(path, b"x" * 64)
    # Messages that are not signed have no key.
    assert not read_figures(path, b"")
    path.write_bytes(path.read_bytes().replace(b"a 1", b"a 2"))
    assert not read_figures(path, key)
    path.write_bytes(signed_figures(key, "a 1\n" * 400_000))
    assert not read_figures(path, key)
    path.unlink()
    assert not read_figures(path, key)
    os.mkfifo(path)
    assert not read_figures(path, key)


@pytest.mark.parametrize(
    "line",
    ['a{kernel="x"} 1\nb', 'a{b="c"}1', "{} 1", "a 1 2 3", "a\x00 1", "<script>", "a "],
)
def test_what_is_no_figure_is_left_out(line: str) -> None:
    text = joined_figures("own 1\n", [("id", f"{line}\nlast 2\n")])
    kept = text.splitlines()
    assert "own 1" in kept
    assert 'last{kernel="id"} 2' in kept
    assert samples_of(text)["last", "id"] == 2


@pytest.mark.parametrize(
    "lie",
    [
        *(
            f"a {value}"
            for value in ("1e", "--1", "e", "+", ".", "1.2.3", "nan", "0x1")
        ),
        *(f"a{{{labels}}} 1" for labels in ('b="c', "b=c", 'b="c"d="e"', ",", '"b"')),
        'a{b="c",b="d"} 1',
        'a{b="c\\q"} 1',
        'a{b="c"}} 1',
        'a{{b="c"} 1',
        'a{__name__="own"} 1',
        "a{" + ",".join(f'b{n}="c"' for n in range(1000)) + "} 1",
        "# TYPE a gauges\n",
        "# TYPE a histogram\na 1",
        '# TYPE a histogram\na_bucket{le="x"} 1',
        "# TYPE a histogram\na_bucket 1",
        '# TYPE a summary\na{quantile="x"} 1',
        "# HELP own \\q",
        "# TYPE own counter\nown 7",
        "# TYPE own histogram\nown_count 7",
        "# TYPE a counter\n# TYPE a gauge\na 1",
    ],
)
def test_a_kernel_that_lies_takes_no_figures_of_others_away(lie: str) -> None:
    own = "# HELP own Ours.\n# TYPE own gauge\nown 1\n"
    text = joined_figures(own, [("lies", f"{lie}\nlast 2\n"), ("true", "own 3\n")])
    assert samples_of(text) == {("own", ""): 1, ("last", "lies"): 2, ("own", "true"): 3}
    assert text.startswith("# HELP own Ours.\n# TYPE own gauge\n")


def test_figures_that_are_odd_and_right_are_shown() -> None:
    odd = 'a{b="c\\\\ \\" \\n \u2028 kernel="} NaN\na{b="x",} -.5e-3\na +Inf\na 1e999\n'
    text = joined_figures("", [("k", f"{odd}a 2\n# HELP a \\\\ and \\n\nb 1.\n")])
    families = {f.name: f.samples for f in text_string_to_metric_families(text)}
    # The same series comes once: the first.
    assert [s.value for s in families["a"]][1:] == [-0.0005, float("inf")]
    assert families["a"][0].labels == {"kernel": "k", "b": 'c\\ " \n \u2028 kernel='}
    assert families["b"][0].value == 1


def test_a_kernel_has_no_more_than_some_thousand_series() -> None:
    flood = "".join(f'a{{b="{number}"}} 1\n' for number in range(60_000))
    text = joined_figures("own 1\n", [("a", flood), ("b", "last 2\n")])
    assert text.count("\n") == 5_002


def test_a_family_of_two_kernels_stands_once() -> None:
    head = "# HELP h_total About.\n# TYPE h_total counter\n"
    own, given = f"{head}h_total 1\n", f'{head}h_total{{a="b"}} 2\n'
    text = joined_figures(own, [("k1", given), ("k2", given)])
    assert text.count("# TYPE h_total ") == 1
    assert text.count("# HELP h_total ") == 1
    assert samples_of(text) == {
        ("h_total", ""): 1,
        ("h_total", "k1"): 2,
        ("h_total", "k2"): 2,
    }
