"""How well the reader reads documents it was and was not developed on."""

from __future__ import annotations

from tests.reading_score import documents, score


def measure_quality() -> None:
    """Prints the figures of both sets of documents."""
    for folder in ("developed_on", "held_out"):
        paths = documents(folder)
        got = score(paths)
        print(
            f"{folder:13} {len(paths):3} documents {got.wanted:4} directives   f1 {got.f1:.3f}  "
            f"lead {got.share(got.leads):.3f}  co-operating {got.share(got.cooperating):.3f}  "
            f"deadline {got.share(got.deadlines):.3f}  wrong among the least confident third {got.caught():.2f}"
        )
