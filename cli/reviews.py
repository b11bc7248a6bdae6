"""Reviews: opened, watched, answered for an agency, sent back, compiled, signed off; their letter and papers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now, ObligationNumber, Reason, number
from cli.review_showing import print_cycle, print_cycles, said_of
from cli.writing import write_new
from config.words import say
from domain.attachments import keep_file
from domain.errors import Refusal
from domain.instants import at, iso
from domain.keys import key
from domain.life.verification import accept
from domain.planning import one_followed
from domain.regulations import find_regulation
from domain.reports import COMPLETE, Said
from domain.reviews.cycles import Opening, cycles, one_cycle
from domain.reviews.periods import parse_period
from domain.reviews.side_reports import side_reports
from domain.reviews.submissions import Contents, request_of, send_back, submit
from domain.reviews.written import read_contents, skeleton
from domain.written import parse_day, parse_letter
from flows.following import follow
from flows.reviewing import open_review
from notifications.papers.review_request import request_name, request_paper
from notifications.wording import deadline_words

app = typer.Typer()
group = typer.Typer(no_args_is_help=True, help=say("review_cli.review.help"))
app.add_typer(group, name="review")

AsJson = Annotated[bool, typer.Option("--json", help=say("cli.option.json"))]
CycleNumber = Annotated[int, typer.Argument(parser=number, help=say("review_cli.option.cycle"))]
Force = Annotated[bool, typer.Option("--force", help=say("papers_office.cli.force"))]


@group.command("open", help=say("review_cli.review.open.help"))
def open_(
    regulation: Annotated[str, typer.Argument(help=say("review_cli.option.regulation"))],
    period: Annotated[str, typer.Option("--period", help=say("review_cli.option.period"))],
    due: Annotated[str, typer.Option("--due", help=say("review_cli.option.due"))],
    letter_number: Annotated[str, typer.Option("--number", help=say("review_cli.option.letter_number"))] = "",
    letter: Annotated[Path | None, typer.Option("--letter", help=say("review_cli.option.letter"))] = None,
    force: Force = False,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Asks every side for its report; twice is once."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    span, bound = parse_period(period), at(parse_day(due) + timedelta(days=1))
    with ledger.look() as session:
        row = find_regulation(session, ledger.office_id, regulation)
    opened = open_review(ledger, Opening(row, span, bound, letter_number), moment, actor())
    followed = follow(settings, ledger, opened.conclusion, moment)
    path = _write_letter(key(opened.cycle.id), letter, moment_words=now, force=force) if letter else None
    if as_json:
        print_json(
            {
                "review": opened.cycle.id,
                "conclusion": opened.conclusion.number,
                "period": opened.cycle.period,
                "due_before": iso(opened.cycle.due_before),
                "opened": opened.is_new,
                "letter": str(path) if path else None,
            }
        )
        return
    words = say(
        "review_cli.review.open.done" if opened.is_new else "review_cli.review.open.there",
        id=opened.cycle.id,
        period=opened.cycle.span.words(),
        regulation=row.number,
        number=opened.conclusion.number,
        due=deadline_words(opened.cycle.due_before),
        obligations=opened.obligations,
    )
    for line in (words, followed, *([say("review_cli.review.letter.done", file=str(path))] if path else [])):
        console().print(line, markup=False, soft_wrap=True)


@group.command("letter", help=say("review_cli.review.letter.help"))
def letter_(
    cycle: CycleNumber,
    out: Annotated[Path | None, typer.Option("--out", help=say("papers_office.cli.out"))] = None,
    force: Force = False,
    now: Now = None,
) -> None:
    """Writes the letter that asks the sides for their reports."""
    path = _write_letter(cycle, out, moment_words=now, force=force)
    console().print(say("review_cli.review.letter.done", file=str(path)), markup=False, soft_wrap=True)


def _write_letter(cycle: int, out: Path | None, *, moment_words: str | None, force: bool) -> Path:
    settings, ledger = office()
    moment = as_of(ledger, moment_words)
    with ledger.look() as session:
        found = one_cycle(session, ledger.office_id, cycle)
        contents = request_paper(session, ledger.office_id, found, moment, settings.letters_folder)
    path = out / request_name(found) if out is not None and out.is_dir() else out or Path(request_name(found))
    write_new(path, contents, force=force)
    return path


@group.command("status", help=say("review_cli.review.status.help"))
def status(
    cycle: Annotated[int | None, typer.Argument(parser=number, help=say("review_cli.option.cycle"))] = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Every review with how many have reported; one of them with everybody who was asked."""
    _, ledger = office()
    moment = as_of(ledger, now)
    with ledger.look() as session:
        if cycle is None:
            found = [(one, side_reports(session, one.row, moment)) for one in cycles(session, ledger.office_id)]
            print_cycles(session, ledger.office_id, found, as_json=as_json)
            return
        one = one_cycle(session, ledger.office_id, cycle)
        print_cycle(session, one, side_reports(session, one.row, moment), as_json=as_json)


@group.command("form", help=say("review_cli.review.form.help"))
def form(obligation: ObligationNumber) -> None:
    """What a side is asked, as a file to be filled in and given to `review submit`."""
    _, ledger = office()
    with ledger.look() as session:
        cycle, _ = request_of(session, ledger.office_id, obligation)
    print_json(skeleton(cycle.sections))


@group.command("submit", help=say("review_cli.review.submit.help"))
def submit_(
    obligation: ObligationNumber,
    file: Annotated[Path, typer.Option("--file", help=say("review_cli.option.answers"))],
    letter: Annotated[str | None, typer.Option(help=say("cli.report.letter"))] = None,
    attach: Annotated[list[Path] | None, typer.Option(help=say("cli.report.attach"))] = None,
    who: Annotated[str, typer.Option("--by", help=say("acts.by"))] = "",
    now: Now = None,
) -> None:
    """Takes a side's report down for it, as it came on paper."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    answers = read_contents(file)
    letter_number, day = parse_letter(letter) if letter else (None, None)
    files = tuple(keep_file(settings.attachments_folder, path) for path in attach or ())
    contents = Contents(answers.texts, answers.figures, who=who, files=files)
    said = Said(COMPLETE, "", actor(), "office", letter_number, day, who=who)
    with ledger.change(now=moment, actor=actor()) as change:
        made = submit(change, obligation, contents, said)
        one = one_followed(change.session, ledger.office_id, obligation)
    console().print(say("review_cli.review.submit.done", id=obligation, version=made.version), markup=False)
    console().print(follow(settings, ledger, one.conclusion, moment), markup=False)


@group.command("show", help=say("review_cli.review.show.help"))
def show(obligation: ObligationNumber, now: Now = None, as_json: AsJson = False) -> None:
    """What one agency has submitted."""
    _, ledger = office()
    moment = as_of(ledger, now)
    with ledger.look() as session:
        cycle, _ = request_of(session, ledger.office_id, obligation)
        rows = side_reports(session, cycle, moment)
    row = next((one for one in rows if one.id == obligation), None)
    if row is None:
        raise Refusal("reviews.refused.no_request", id=obligation)
    if as_json:
        print_json(said_of(row))
        return
    for line in _as_text(said_of(row), [(one.code, one.heading) for one in cycle.sections]):
        console().print(line, markup=False, soft_wrap=True)


def _as_text(said: dict[str, object], headings: list[tuple[str, str]]) -> list[str]:
    texts, figures = said["texts"], said["figures"]
    assert isinstance(texts, dict)
    assert isinstance(figures, dict)
    lines = [f"{said['agency']} · {said['state_words']}"]
    for code, heading in headings:
        lines += ["", heading, texts.get(code) or say("review_cli.review.show.nothing")]
    return [*lines, "", *(f"{label}: {value}" for label, value in figures.items())]


@group.command("accept", help=say("review_cli.review.accept.help"))
def accept_(obligation: ObligationNumber, now: Now = None) -> None:
    """Accepts what a side submitted."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        request_of(change.session, ledger.office_id, obligation)
        works = accept(change, obligation)
    console().print(say("review_cli.review.accept.done", id=obligation), markup=False)
    console().print(follow(settings, ledger, works[0].conclusion, moment), markup=False)


@group.command("send-back", help=say("review_cli.review.send_back.help"))
def send_back_(obligation: ObligationNumber, reason: Reason, now: Now = None) -> None:
    """Sends a submission back; the agency is told why."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        send_back(change, obligation, reason)
        one = one_followed(change.session, ledger.office_id, obligation)
    console().print(say("review_cli.review.send_back.done", id=obligation), markup=False)
    console().print(follow(settings, ledger, one.conclusion, moment), markup=False)
