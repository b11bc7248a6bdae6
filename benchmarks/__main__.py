"""`make bench`: prints what was measured in this run on this machine; nothing here passes or fails."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.documents import documents_in
from benchmarks.life import measure_life
from benchmarks.mail import measure_mail
from benchmarks.pages import measure_pages
from benchmarks.quality import measure_quality
from benchmarks.reading import measure_reading
from benchmarks.reviews import measure_reviews
from benchmarks.rounds import measure_rounds
from benchmarks.texts import ten_kilobytes

RUNS = 5


def median_seconds(run: Callable[[], object], runs: int = RUNS) -> float:
    """The median of some runs, after one that is not counted."""
    run()
    spent = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def command(home: Path, *words: str) -> Callable[[], object]:
    """A whole `dondoc` process."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DONDOC_")} | {"DONDOC_HOME": str(home)}
    line = [sys.executable, "-m", "cli.main", *words]
    return lambda: subprocess.run(line, env=environment, check=True, capture_output=True)


def main() -> None:
    """Whole commands first, then quality and speed of reading, then rounds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        notice = home / "notice.txt"
        notice.write_text(ten_kilobytes(), encoding="utf-8")
        bare = median_seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
        files = {"dondoc read, 10 KB": notice} | documents_in(home)
        reads = [(name, ("read", str(path), "--json")) for name, path in files.items()]
        for name, words in [("dondoc --help", ("--help",)), *reads]:
            spent = median_seconds(command(home / "none", *words))
            print(f"{name:28} {spent:6.2f} s   {spent / bare:5.1f} × a bare Python")
        measure_quality()
        measure_reading()
        measure_rounds(home)
        measure_life(home / "life")
        measure_pages(home / "pages")
        measure_mail(home / "mail")
        measure_reviews(home / "reviews")


if __name__ == "__main__":
    main()
