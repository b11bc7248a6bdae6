"""Charts of a report as pictures: shades and hatching that stay apart in a grey print; no text but numbers and names.

Drawn with the object interface of Matplotlib and the typeface that comes with it, so that the same figures give the
same picture on every machine. Matplotlib is imported when a chart is drawn: a command that draws none does not pay.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any

from config.words import say
from domain.reviews.figures import Month, Row
from notifications.papers.office import VI
from notifications.wording import number_words

TYPEFACE = "DejaVu Serif"  #: comes with Matplotlib, and has every Vietnamese letter
DOTS = 200  #: an inch
WIDTH = 6.3  #: inches: the text's width on A4
MOST_AGENCIES = 12
NAME_WIDTH = 30  #: characters of a line of an agency's name
MOST_NAME = 60
#: part of `Counts` -> shade and hatching
PARTS = {
    "done_in_time": ("#4d4d4d", ""),
    "done_undated": ("#9a9a9a", ""),
    "done_late": ("#ffffff", "////"),
    "in_time": ("#d9d9d9", ""),
    "undated": ("#ffffff", "...."),
    "overdue": ("#000000", ""),
}


def by_agency_chart(rows: Sequence[Row]) -> bytes:
    """A bar for each agency with the most work, as PNG."""
    shown = [row for row in rows if row.tally.counts.total][:MOST_AGENCIES][::-1]
    figure, axes = _figure(0.9 + 0.42 * len(shown))
    left = [0] * len(shown)
    for part, (shade, hatch) in PARTS.items():
        values = [getattr(row.tally.counts, part) for row in shown]
        if any(values):
            axes.barh(
                range(len(shown)),
                values,
                left=left,
                color=shade,
                hatch=hatch,
                edgecolor="#333333",
                linewidth=0.5,
                height=0.7,
                label=say(f"review_papers.part.{part}", language=VI),
            )
        left = [before + value for before, value in zip(left, values, strict=True)]
    for place, total in enumerate(left):
        axes.text(total, place, f" {number_words(total, VI)}", va="center", fontsize=8, fontfamily=TYPEFACE)
    axes.set_yticks(range(len(shown)), [_name(row.name) for row in shown], fontfamily=TYPEFACE, fontsize=8)
    axes.set_xlim(0, max(left, default=1) * 1.1 or 1)
    axes.xaxis.get_major_locator().set_params(integer=True)
    _tidy(figure, axes)
    return _png(figure)


def by_month_chart(months: Sequence[Month]) -> bytes:
    """Begun, finished and overdue month by month, as PNG."""
    figure, axes = _figure(2.6)
    width = 0.27
    places = range(len(months))
    series = (
        ("begun", [month.begun for month in months], "#d9d9d9", ""),
        ("finished", [month.finished for month in months], "#4d4d4d", ""),
        ("overdue", [month.overdue or 0 for month in months], "#ffffff", "////"),
    )
    for number, (name, values, shade, hatch) in enumerate(series):
        axes.bar(
            [place + (number - 1) * width for place in places],
            values,
            width,
            color=shade,
            hatch=hatch,
            edgecolor="#333333",
            linewidth=0.5,
            label=say(f"review_papers.month.{name}", language=VI),
        )
    labels = [f"{month.first_day.month}/{month.first_day.year}" for month in months]
    turned = 90 if len(months) > 12 else 0
    axes.set_xticks(places, labels, fontfamily=TYPEFACE, fontsize=7 if turned else 8, rotation=turned)
    axes.yaxis.get_major_locator().set_params(integer=True)
    _tidy(figure, axes)
    return _png(figure)


def _figure(height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), dpi=DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _tidy(figure: Any, axes: Any) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontfamily(TYPEFACE)
        label.set_fontsize(8)
    figure.legend(loc="outside lower center", ncols=2, frameon=False, prop={"family": TYPEFACE, "size": 8})


def _name(name: str) -> str:
    """In two lines at most; `$` is no mathematics."""
    short = name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1]}…"
    return "\n".join(textwrap.wrap(short, NAME_WIDTH)).replace("$", r"\$")


def _png(figure: Any) -> bytes:
    made = io.BytesIO()
    figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue()
