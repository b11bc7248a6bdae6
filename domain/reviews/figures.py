"""The figures of a period, as they are compiled, kept and shown. What each counts is said in docs/figures.md.

The unit is the obligation (phần việc) unless a name says otherwise; days are days of the calendar in
Asia/Ho_Chi_Minh; shares are fractions (0.8 is 80 %).
"""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Part(BaseModel):
    """A part of the figures: plain values that never change, kept as JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Counts(Part):
    """How the obligations of a period stand at its end (or at the moment they were counted)."""

    carried: int = 0  #: began before the period and was not finished when it began
    new: int = 0  #: began in the period
    done_in_time: int = 0  #: dated, finished in time
    done_undated: int = 0  #: undated, finished
    done_late: int = 0
    in_time: int = 0  #: dated, not finished, not late yet
    overdue: int = 0
    overdue_long: int = 0  #: of those, for more days than the policy's `long_late_days`
    undated: int = 0  #: undated, not finished

    @property
    def total(self) -> int:
        """All of them."""
        return self.carried + self.new

    @property
    def done(self) -> int:
        """Finished: in time, late, or without a date."""
        return self.done_in_time + self.done_undated + self.done_late

    @property
    def open(self) -> int:
        """Not finished."""
        return self.in_time + self.overdue + self.undated

    @property
    def judged(self) -> int:
        """Dated work of which it is known whether it was in time: finished, or overdue."""
        return self.done_in_time + self.done_late + self.overdue

    @property
    def in_time_share(self) -> float | None:
        """Of the judged work, what was finished in time; None where nothing is judged."""
        return self.done_in_time / self.judged if self.judged else None


class Spread(Part):
    """How a number of days is spread over some obligations."""

    count: int = 0
    total: int = 0  #: days of all together
    median: float | None = None  #: days; the mean of the two in the middle where their number is even
    longest: int | None = None  #: days


class Asked(Part):
    """Extensions and returns in the period."""

    extensions_asked: int = 0  #: wishes of agencies
    extensions_granted: int = 0  #: as wished, shortened, or given by the office of its own accord
    extensions_refused: int = 0
    extended: int = 0  #: obligations that got one or more
    returned: int = 0  #: times that work was given back as "not ours"


class Tally(Part):
    """Everything that is counted of one group of obligations."""

    counts: Counts = Counts()
    late: Spread = Spread()  #: days late, of what was finished late or is overdue
    finished: Spread = Spread()  #: days from assignment to completion, of what was finished in the period
    response: Spread = Spread()  #: days from assignment to the agency's first report, of those that reported
    silent: int = 0  #: obligations of which the agency has reported nothing
    asked: Asked = Asked()


class Issued(Part):
    """Directives (nhiệm vụ) of the notices that were issued in the period."""

    notices: int = 0
    directives: int = 0
    dated: int = 0  #: followed, with a date
    undated: int = 0  #: followed, without one
    recurring: int = 0  #: of those with a date, what comes again and again
    information: int = 0  #: only told


class Row(Part):
    """One group: a side, an agency, a field, a kind of directive."""

    key: str  #: an id or a code
    name: str  #: as a person reads it (Vietnamese, or as the ledger has it); empty for what has no name
    tally: Tally


class Month(Part):
    """One month of the period; its last day may be the period's."""

    first_day: date
    last_day: date
    issued: int  #: directives of notices issued in it
    begun: int  #: obligations that began
    due: int  #: obligations whose bound falls in it
    finished: int  #: obligations that were finished
    finished_late: int  #: of those, late
    overdue: int | None  #: open and late when it ended; None for a month that had not ended


class CauseCount(Part):
    """How much late work is late for one cause, by the last word of its agency."""

    cause: str  #: a `causes.Cause`; empty: none was given
    count: int


class OpenWork(Part):
    """An obligation that is not finished."""

    id: int
    agency: str
    number: str  #: of the notice
    issued_on: date
    path: str
    text: str
    kind: str
    authority: str | None
    due_before: AwareDatetime | None  #: first instant that is late
    days_late: int  #: 0 while in time
    cause: str
    last_word: str  #: what the agency last reported; empty for nothing
    last_word_at: AwareDatetime | None


class Score(Part):
    """One agency's card. The method stands in docs/figures.md and in the report."""

    agency_id: int
    agency: str
    judged: int  #: `Counts.judged`
    in_time_share: float | None
    median_days: float | None  #: from assignment to completion
    before: float | None  #: `in_time_share` of the last period; None where nothing was judged
    trend: str  #: up, down, same; empty where one of the two is missing
    rank: int | None  #: 1, 2, 2, 4 …; None where too little was judged to rank
    tied: bool = False  #: others have the same rank


class Whole(Part):
    """One period in figures."""

    issued: Issued = Issued()
    tally: Tally = Tally()


class PeriodFigures(Part):
    """All that is compiled of a period."""

    period: str
    first_day: date
    last_day: date
    as_of: AwareDatetime  #: the moment at which things stand: the period's end, or earlier where it was not over
    scope: str  #: "office", or "regulation:3"
    regulation: str  #: number of the regulation; empty for the whole office
    regulation_title: str
    whole: Whole
    last: Whole | None  #: the period it is held against; None where the ledger begins later
    last_period: str
    by_side: tuple[Row, ...]
    by_agency: tuple[Row, ...]  #: most work first
    by_field: tuple[Row, ...]
    by_kind: tuple[Row, ...]  #: key: a `drafts.DirectiveKind`
    by_month: tuple[Month, ...]
    causes: tuple[CauseCount, ...]
    open_work: tuple[OpenWork, ...]  #: overdue first, the longest first; at most `MOST_OPEN` of them
    open_total: int
    scores: tuple[Score, ...]  #: the ranked in order, then the others by name
    fewest_ranked: int
    long_late_days: int


MOST_OPEN = 1000  #: rows of open work that are kept; the workbook has all of them
