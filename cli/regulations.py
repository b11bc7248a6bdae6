"""Coordination regulations: added, listed, shown, replaced; notices put under them; reviews that open each year."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.table import Table

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now, the_conclusion
from config.words import say
from domain.errors import Refusal
from domain.governed import governed, how_many_governed, link_conclusion
from domain.keys import key
from domain.regulations import (
    NewRegulation,
    NewSide,
    Regulation,
    add_regulation,
    find_regulation,
    regulations,
    replace_regulation,
    sides_of,
)
from domain.reviews.periods import Shape
from domain.reviews.schedules import (
    NewSchedule,
    day_of_year,
    next_opening,
    schedules,
    set_schedule,
    stop_schedule,
)
from domain.written import parse_day
from notifications.wording import day_words, deadline_words, plain_line

app = typer.Typer()
group = typer.Typer(no_args_is_help=True, help=say("review_cli.regulation.help"))
app.add_typer(group, name="regulation")

Which = Annotated[str, typer.Argument(help=say("review_cli.option.regulation"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli.option.json"))]
Yearly = Annotated[Shape, typer.Option("--period", help=say("review_cli.option.shape"))]


@group.command("add", help=say("review_cli.regulation.add.help"))
def add(
    number: Annotated[str, typer.Argument(help=say("review_cli.option.number"))],
    on: Annotated[str, typer.Option("--on", help=say("review_cli.option.on"))],
    title: Annotated[str, typer.Option("--title", help=say("review_cli.option.title"))],
    side: Annotated[list[str], typer.Option("--side", help=say("review_cli.option.side"))],
    from_: Annotated[str | None, typer.Option("--from", help=say("review_cli.option.from"))] = None,
    until: Annotated[str | None, typer.Option("--until", help=say("review_cli.option.until"))] = None,
    replaces: Annotated[str | None, typer.Option("--replaces", help=say("review_cli.option.replaces"))] = None,
    now: Now = None,
) -> None:
    """Takes a regulation down, and what it takes the place of."""
    _, ledger = office()
    given = NewRegulation(number, parse_day(on), title, tuple(map(_side, side)), _day(from_), _day(until))
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        old = find_regulation(change.session, ledger.office_id, replaces) if replaces else None
        row = add_regulation(change, given)
        if old is not None:
            replace_regulation(change, old, row)
    console().print(say("review_cli.regulation.add.done", number=row.number, id=row.id), markup=False)


def _side(words: str) -> NewSide:
    """ "Ủy ban nhân dân tỉnh = Sở Nội vụ; Sở Tài chính": a side, and who reports for it."""
    name, _, agencies = words.partition("=")
    return NewSide(
        " ".join(name.split()), tuple(one for part in agencies.split(";") if (one := " ".join(part.split())))
    )


def _day(words: str | None) -> date | None:
    return parse_day(words) if words else None


@group.command("list", help=say("review_cli.regulation.list.help"))
def list_(as_json: AsJson = False) -> None:
    """Every regulation of the office."""
    _, ledger = office()
    with ledger.look() as session:
        rows = regulations(session, ledger.office_id)
        counts = how_many_governed(session, ledger.office_id)
    if as_json:
        print_json([_as_json(row) | {"conclusions": counts.get(key(row.id), 0)} for row in rows])
        return
    if not rows:
        console().print(say("review_cli.regulation.list.none"), markup=False)
        return
    table = Table(*(say(f"review_cli.regulation.column.{name}") for name in ("id", "number", "term", "title", "count")))
    for row in rows:
        count = str(counts.get(key(row.id), 0))
        table.add_row(str(row.id), plain_line(row.number), _term(row), plain_line(row.title), count)
    console().print(table)


def _term(row: Regulation) -> str:
    until = day_words(row.term_to) if row.term_to else say("review_cli.regulation.open_ended")
    return f"{day_words(row.term_from)} – {until}"


def _as_json(row: Regulation) -> dict[str, object]:
    return {
        "id": row.id,
        "number": row.number,
        "issued_on": row.issued_on.isoformat(),
        "title": row.title,
        "term_from": row.term_from.isoformat(),
        "term_to": row.term_to.isoformat() if row.term_to else None,
        "successor": row.successor_id,
    }


@group.command("show", help=say("review_cli.regulation.show.help"))
def show(regulation: Which, as_json: AsJson = False, now: Now = None) -> None:
    """One regulation with its sides, the notices under it, and the reviews that open each year."""
    _, ledger = office()
    moment = as_of(ledger, now)
    with ledger.look() as session:
        row = find_regulation(session, ledger.office_id, regulation)
        sides = [(side.name, [one.name for one in side.agencies]) for side in sides_of(session, key(row.id))]
        notices = [(one.number, one.issued_on) for one in governed(session, key(row.id))]
        yearly = [
            (one.shape, next_opening(session, one, moment))
            for one, of in schedules(session, ledger.office_id)
            if of.id == row.id
        ]
        successor = session.get(Regulation, row.successor_id) if row.successor_id else None
    if as_json:
        print_json(
            _as_json(row)
            | {
                "sides": [{"name": name, "agencies": agencies} for name, agencies in sides],
                "conclusions": [{"number": number, "issued_on": on.isoformat()} for number, on in notices],
                "opens": [{"shape": shape, "at": one.opens_at.isoformat()} for shape, one in yearly],
            }
        )
        return
    heading = say("review_cli.regulation.heading", number=row.number, day=day_words(row.issued_on))
    lines = [heading, plain_line(row.title), say("review_cli.regulation.term", term=_term(row))]
    if successor is not None:
        lines.append(say("review_cli.regulation.replaced_by", number=successor.number))
    lines += [say("review_cli.regulation.side", name=name, agencies="; ".join(agencies)) for name, agencies in sides]
    lines += [
        say("review_cli.regulation.notice", number=plain_line(number), day=day_words(on)) for number, on in notices
    ]
    for _, one in yearly:
        opens, due = day_words(one.opens_at.date()), deadline_words(one.due_before)
        lines.append(say("review_cli.regulation.opens", day=opens, period=one.period.words(), due=due))
    for line in lines:
        console().print(line, markup=False, soft_wrap=True)


@group.command("replace", help=say("review_cli.regulation.replace.help"))
def replace(
    old: Which,
    by: Annotated[str, typer.Option("--by", help=say("review_cli.option.by"))],
    until: Annotated[str | None, typer.Option("--until", help=say("review_cli.option.last_day"))] = None,
    now: Now = None,
) -> None:
    """Says what took a regulation's place."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        row = find_regulation(change.session, ledger.office_id, old)
        new = find_regulation(change.session, ledger.office_id, by)
        replace_regulation(change, row, new, _day(until))
    words = say("review_cli.regulation.replace.done", number=row.number, by=new.number, day=_term(row))
    console().print(words, markup=False)


@group.command("link", help=say("review_cli.regulation.link.help"))
def link(
    conclusion: Annotated[str, typer.Argument(help=say("review_cli.option.conclusion"))],
    regulation: Annotated[str | None, typer.Argument(help=say("review_cli.option.regulation"))] = None,
    none: Annotated[bool, typer.Option("--none", help=say("review_cli.option.none"))] = False,
    now: Now = None,
) -> None:
    """Puts a notice under a regulation, or under none."""
    if none == (regulation is not None):
        raise Refusal("review_cli.refused.regulation_or_none")
    _, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        row = the_conclusion(change.session, ledger.office_id, conclusion)
        under = find_regulation(change.session, ledger.office_id, regulation) if regulation else None
        link_conclusion(change, key(row.id), under)
    words = "review_cli.regulation.link.done" if under else "review_cli.regulation.link.none"
    console().print(say(words, number=row.number, regulation=under.number if under else ""), markup=False)


@group.command("schedule", help=say("review_cli.regulation.schedule.help"))
def schedule(
    regulation: Which,
    opens: Annotated[str, typer.Option("--opens", help=say("review_cli.option.opens"))],
    due: Annotated[str, typer.Option("--due", help=say("review_cli.option.due_each_year"))],
    period: Yearly = Shape.YEAR,
    last_year: Annotated[bool, typer.Option("--last-year", help=say("review_cli.option.last_year"))] = False,
    now: Now = None,
) -> None:
    """Has a review opened each year."""
    _, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        row = find_regulation(change.session, ledger.office_id, regulation)
        made = set_schedule(change, row, NewSchedule(period, day_of_year(opens), day_of_year(due), last_year))
        first = next_opening(change.session, made, moment)
    words = say(
        "review_cli.regulation.schedule.done",
        number=row.number,
        period=first.period.words(),
        day=day_words(first.opens_at.date()),
        due=deadline_words(first.due_before),
    )
    console().print(words, markup=False, soft_wrap=True)


@group.command("unschedule", help=say("review_cli.regulation.unschedule.help"))
def unschedule(regulation: Which, period: Yearly = Shape.YEAR, now: Now = None) -> None:
    """A review opens by itself no more."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        row = find_regulation(change.session, ledger.office_id, regulation)
        stop_schedule(change, row, period)
    console().print(say("review_cli.regulation.unschedule.done", number=row.number), markup=False)
