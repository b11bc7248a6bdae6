"""Scorecards: each agency's share in time, its median days, its trend, and its rank among those that can be ranked.

Shares are compared as exact fractions: no rounding makes or breaks a tie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from domain.names import fold
from domain.reviews.figures import Counts, Score, Tally


def scores_of(
    now: Mapping[int, Tally], before: Mapping[int, Tally], names: Mapping[int, str], fewest: int
) -> tuple[Score, ...]:
    """A card for each agency that had work: the ranked in order, then the others by name.

    Ranked is whose judged work (finished in time, finished late, overdue) numbers `fewest` or more. Equal shares have
    equal ranks, and the next rank leaves out as many (1, 2, 2, 4).
    """
    ranked = {
        agency: share
        for agency, tally in now.items()
        if tally.counts.judged >= fewest and (share := _share(tally.counts)) is not None
    }
    same = Counter(ranked.values())
    ranks = {agency: 1 + sum(other > share for other in ranked.values()) for agency, share in ranked.items()}
    cards = [
        Score(
            agency_id=agency,
            agency=names[agency],
            judged=tally.counts.judged,
            in_time_share=tally.counts.in_time_share,
            median_days=tally.finished.median,
            before=before[agency].counts.in_time_share if agency in before else None,
            trend=_trend(tally.counts, before[agency].counts if agency in before else Counts()),
            rank=ranks.get(agency),
            tied=agency in ranked and same[ranked[agency]] > 1,
        )
        for agency, tally in now.items()
    ]
    return tuple(sorted(cards, key=lambda card: (card.rank is None, card.rank or 0, fold(card.agency), card.agency_id)))


def _share(counts: Counts) -> Fraction | None:
    return Fraction(counts.done_in_time, counts.judged) if counts.judged else None


def _trend(now: Counts, before: Counts) -> str:
    """up, down or same; empty where nothing was judged in one of the two."""
    this, last = _share(now), _share(before)
    if this is None or last is None:
        return ""
    return "same" if this == last else "up" if this > last else "down"
