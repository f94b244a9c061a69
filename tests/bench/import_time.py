"""How long `import timeline_nb` takes, beside Python's own start.

python tests/bench/import_time.py
"""

import statistics
import subprocess
import sys
import time

RUNS = 15


def median_ms(code: str) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def main() -> None:
    bare, ours = median_ms("pass"), median_ms("import timeline_nb")
    print(f"import timeline_nb: {ours - bare:.1f} ms over Python's own {bare:.1f} ms")


if __name__ == "__main__":
    main()
