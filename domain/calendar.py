"""Working days: which days count, and stepping over those that do not.

Every function works on calendar days of Asia/Ho_Chi_Minh; no zone or clock is involved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

FRIDAY = 4


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Vietnam's public holidays of `year`, compensation days and swaps included, as far as `holidays` knows them."""
    return frozenset(holidays.country_holidays("VN", years=year))


def holiday_names(year: int, language: str) -> dict[date, str]:
    """Day -> what it is called, of every public holiday of `year`; `language` is "vi" or "en"."""
    spoken = {"en": "en_US"}.get(language, language)
    return dict(holidays.country_holidays("VN", years=year, language=spoken))


@lru_cache(maxsize=64)
def made_up_days(year: int) -> frozenset[date]:
    """The days off of `year` that were declared working days in exchange for another."""
    return frozenset(holidays.country_holidays("VN", years=year).weekend_workdays)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The office's calendar: the country's, corrected by the office's own overrides (day -> is it worked?)."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether the office works on `day`."""
        if day in self.overrides:
            return self.overrides[day]
        if day in made_up_days(day.year):
            return True
        return day.weekday() <= FRIDAY and day not in public_holidays(day.year)

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`."""
        day = date(day.year, day.month, day.day)
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def shift(self, day: date, steps: int) -> date:
        """The working day `steps` working days after `day` (before it, when negative); `day` itself is not counted.

        With 0 steps the day itself, worked or not.
        """
        direction = timedelta(days=1 if steps > 0 else -1)
        day = date(day.year, day.month, day.day)  # pendulum's own days add up ten times as slowly
        for _ in range(abs(steps)):
            day += direction
            while not self.is_working(day):
                day += direction
        return day
