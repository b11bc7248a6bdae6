"""How a kind of message looks: made-up work, the office's own templates, nothing stored and nothing sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from jinja2 import TemplateError, TemplateSyntaxError

from config.words import say
from domain.errors import Refusal
from domain.instants import at
from domain.moments import FOR_OFFICE, Kind
from notifications.filling import fill_own, own_templates
from notifications.messages import Item, Rendered, Setting, context_of, render

NOTE = (Kind.REJECTED, Kind.INSISTED, Kind.REFUSED, Kind.CORRECTED, Kind.RELEASED)  #: give a reason


def preview(kind: Kind, setting: Setting, *, count: int = 1, request: bool = False) -> Rendered:
    """A message of `kind` about `count` made-up pieces of work. Raises Refusal for a broken template of the office."""
    check_templates(setting)
    items = [_item(kind, place, setting, request) for place in range(count)]
    recipient = say("preview.official" if _is_for_officials(kind) else "preview.agency", language=setting.language)
    return render(recipient, items, setting)


def _is_for_officials(kind: Kind) -> bool:
    return kind in FOR_OFFICE


def _item(kind: Kind, place: int, setting: Setting, request: bool) -> Item:
    late = kind in (Kind.OVERDUE, Kind.ESCALATE, Kind.APPROVE, Kind.UNREACHED)
    today = setting.now.date()
    due = today.replace(day=1) if late else today + timedelta(days=1 if kind is Kind.DUE else 4)
    undated = kind in (Kind.REQUEST_STATUS, Kind.STALE)
    return Item(
        kind=kind,
        step=1,
        number="12/TB-VP",
        issued_on=date(setting.now.year, 1, 15),
        path=str(place + 1),
        text=say("preview.text", language=setting.language),
        agency=say("preview.agency", language=setting.language),
        due_before=None if undated else at(due),
        request=request,
        tracked=True,
        to_agency=not _is_for_officials(kind),
        note=_note(kind, setting.language),
        id=place + 1,
    )


def _note(kind: Kind, language: str) -> str:
    if kind is Kind.UNREACHED:
        who, why = say("preview.agency", language=language), "550 5.1.1 no such user"
        return say("messages.unreached", language=language, who=who, why=why)
    return say("preview.note", language=language) if kind in NOTE else ""


def check_templates(setting: Setting) -> None:
    """Fills every template of the office's folder. Raises Refusal that names the first one that fails, and why."""
    if setting.templates is None:
        return
    for name in own_templates(setting.templates):
        language = name.partition("/")[0]
        try:
            _try_out(name, replace(setting, language=language))
        except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, OSError, RecursionError) as error:
            where = f":{error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
            path = f"{setting.templates / name}{where}"
            raise Refusal("preview.refused.broken", file=path, why=str(error).splitlines()[0][:200]) from error


def _try_out(name: str, setting: Setting) -> None:
    items = [_item(Kind.OVERDUE, 0, setting, request=False), _item(Kind.REMIND, 1, setting, request=False)]
    context = context_of(say("preview.agency", language=setting.language), items, setting)
    if setting.templates is not None:
        fill_own(name, context, setting.templates)
