"""Sentences made of figures: each knows the numbers that it states, so that a reader (and a test) can check them.

Rounding: each share is rounded by itself to one decimal, halves up; so the shares of a whole may differ from 100 % by
a tenth. A difference of two shares is rounded once, from the exact shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from config.words import say
from domain.drafts import DirectiveKind
from domain.reviews.figures import Counts, PeriodFigures, Spread, Tally
from domain.reviews.periods import parse_period
from notifications.papers.office import VI
from notifications.wording import day_words, number_words

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the numbers that it states, as they stand in it and in that order."""

    text: str
    numbers: tuple[str, ...]


def share_words(part: int, whole: int) -> str:
    """80,0% of 96 out of 120."""
    return f"{_tenths(Fraction(100 * part, whole))}%"


def points_words(difference: Fraction) -> str:
    """5,0 of a difference of 0.05 between two shares."""
    return _tenths(100 * difference)


def days_of(value: float) -> str:
    """2,5 or 3: whole days without decimals."""
    return number_words(int(value), VI) if float(value).is_integer() else _tenths(Fraction(value))


def _tenths(value: Fraction) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return number_words(float(exact.quantize(TENTH, ROUND_HALF_UP)), VI)


def _sentence(name: str, *numbers: str, **more: str) -> Sentence:
    """The phrase with its numbers filled in by place, and what is no number by name."""
    given = {f"n{place}": number for place, number in enumerate(numbers, start=1)}
    return Sentence(say(f"review_papers.sentence.{name}", language=VI, **given, **more), tuple(numbers))


def _n(value: int) -> str:
    return number_words(value, VI)


def sentences(figures: PeriodFigures) -> list[Sentence]:
    """What the whole comes to; a sentence about nothing is left out."""
    counts = figures.whole.tally.counts
    found = [_issued(figures)]
    if not counts.total:
        return [*found, _sentence("nothing")]
    found += [_totals(counts), *_open(counts, figures.long_late_days), *_delays(figures.whole.tally)]
    return [*found, *_asked(figures.whole.tally), *_compared(figures), *_kinds(figures)]


def _issued(figures: PeriodFigures) -> Sentence:
    issued = figures.whole.issued
    words = parse_period(figures.period).words(VI)
    if not issued.directives:
        return _sentence("issued_none", period=words)
    counts = (issued.notices, issued.directives, issued.dated, issued.undated, issued.information)
    return _sentence("issued", *map(_n, counts), period=words)


def _totals(counts: Counts) -> Sentence:
    done = counts.done
    return _sentence(
        "totals",
        _n(counts.total),
        _n(counts.carried),
        _n(counts.new),
        _n(counts.done_in_time),
        share_words(counts.done_in_time, counts.total),
        _n(counts.done_late),
        share_words(counts.done_late, counts.total),
        _n(counts.done_undated),
        _n(done),
        share_words(done, counts.total),
    )


def _open(counts: Counts, long_late: int) -> Iterator[Sentence]:
    if not counts.open:
        yield _sentence("all_done")
        return
    yield _sentence("open", _n(counts.open), _n(counts.in_time), _n(counts.overdue), _n(counts.undated))
    if counts.overdue_long:
        yield _sentence("overdue_long", _n(counts.overdue_long), _n(long_late))
    if counts.judged:
        share = share_words(counts.done_in_time, counts.judged)
        yield _sentence("judged", _n(counts.judged), share)


def _delays(tally: Tally) -> Iterator[Sentence]:
    for name, spread in (("late", tally.late), ("finished", tally.finished), ("response", tally.response)):
        if spread.count == 1:  # of one there is no half
            yield _sentence(f"{name}_one", _n(spread.total))
        elif numbers := _spread(spread):
            yield _sentence(name, *numbers)
    if tally.silent:
        yield _sentence("silent", _n(tally.silent))


def _spread(spread: Spread) -> tuple[str, ...]:
    if spread.median is None or spread.longest is None:
        return ()
    return _n(spread.count), days_of(spread.median), _n(spread.longest)


def _asked(tally: Tally) -> Iterator[Sentence]:
    asked = tally.asked
    if asked.extensions_asked:
        yield _sentence("extensions_asked", _n(asked.extensions_asked))
    if asked.extensions_granted:
        yield _sentence("extensions_granted", _n(asked.extensions_granted), _n(asked.extended))
    if asked.extensions_refused:
        yield _sentence("extensions_refused", _n(asked.extensions_refused))
    if asked.returned:
        yield _sentence("returned", _n(asked.returned))


def _compared(figures: PeriodFigures) -> Iterator[Sentence]:
    if figures.last is None:
        return
    now, before = figures.whole.tally.counts, figures.last.tally.counts
    if not now.judged or not before.judged:
        return
    difference = Fraction(now.done_in_time, now.judged) - Fraction(before.done_in_time, before.judged)
    shares = (share_words(now.done_in_time, now.judged), share_words(before.done_in_time, before.judged))
    words = parse_period(figures.last_period).words(VI)
    if difference == 0:
        yield _sentence("same", shares[0], period=words)
        return
    yield _sentence("up" if difference > 0 else "down", points_words(abs(difference)), *shares, period=words)


def _kinds(figures: PeriodFigures) -> Iterator[Sentence]:
    """Petitions and recommendations: what was answered or carried out, late, and not."""
    tallies = {row.key: row.tally.counts for row in figures.by_kind}
    for kind in (DirectiveKind.PETITION, DirectiveKind.RECOMMENDATION):
        counts = tallies.get(kind)
        if counts is not None and counts.total:
            numbers = (counts.total, counts.done, counts.done_late, counts.open, counts.overdue)
            yield _sentence(f"kind_{kind}", *map(_n, numbers))


def as_of_words(figures: PeriodFigures) -> str:
    """The day up to which things are counted."""
    return day_words(figures.as_of.date(), VI)
