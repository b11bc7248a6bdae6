"""Pages from templates: the environment, the filters, and what every page knows."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from config.words import LANGUAGES, say, say_with, spoken_language
from domain.causes import Cause
from domain.instants import local
from notifications.papers.review_annexes import decimal_words
from notifications.wording import (
    channel_words,
    day_words,
    deadline_words,
    document_words,
    moment_words,
    number_words,
    percent_words,
)
from web.assets import assets
from web.filters import masked, size_words
from web.marked_text import plain

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates: what comes from the ledger is escaped, what is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.filters |= {
        "day": _day,
        "document": document_words,
        "moment": _moment,
        "deadline": deadline_words,
        "channel": channel_words,
        "number": number_words,
        "percent": percent_words,
        "size": size_words,
        "decimal": decimal_words,
        "masked": masked,
        "plain": plain,
        "iso": lambda value: local(value).isoformat() if isinstance(value, datetime) else value.isoformat(),
    }
    made.globals |= {
        "say": say,
        "refused": lambda one: say_with(one.code, one.params),
        "current": _current,
        "causes": tuple(Cause),
    }
    return made


def _day(value: date | datetime | None) -> str:
    """A day as the language writes it; a dash for none."""
    if value is None:
        return "–"
    return day_words(local(value).date() if isinstance(value, datetime) else value)


def _moment(value: datetime | None) -> str:
    return "–" if value is None else moment_words(value)


@pass_context
def _current(context: Context, prefix: str) -> bool:
    """Whether the page that is shown lies under a path of the menu."""
    path: str = context["request"].url.path
    return path == prefix or (prefix != "/" and path.startswith(prefix + "/"))


def page(request: Request, template: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page. Every template knows `request`, `language`, `assets`, and `done`: what was just done, said on top."""
    known = {
        "request": request,
        "visit": None,
        "refusal": None,
        "language": spoken_language(),
        "languages": LANGUAGES,
        "assets": assets(),
        "done": _done(request),
    }
    html = environment().get_template(template).render(known | context)
    return HTMLResponse(html, status)


def _done(request: Request) -> str:
    """The phrase that the page before asks this one to open with; nothing for a word that is not in the catalogue."""
    word = request.query_params.get("done", "")
    area, _, what = word.rpartition(".")
    if not what.isidentifier() or not (area == "" or area.isidentifier()):
        return ""
    try:
        return say(f"web_{area}.done.{what}" if area else f"web.done.{what}")
    except (KeyError, FileNotFoundError):
        return ""
