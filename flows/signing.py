"""Signing a compilation off: the papers are made of exactly what is signed, kept, and named in the ledger."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping

from pendulum import DateTime
from sqlmodel import Session

from config.settings import Settings
from domain.attachments import keep
from domain.errors import Refusal
from domain.reviews.compiling import Compiled, compiled, scope_of, sign
from domain.reviews.cycles import one_cycle
from domain.reviews.exporting import rows_of
from domain.reviews.figuring import figures_of
from domain.store import Ledger
from notifications.papers.review_papers import KINDS, papers_of

Papers = Mapping[str, tuple[str, bytes]]  #: "report.docx" … -> (name of the file, its bytes)


def papers_now(
    session: Session, settings: Settings, made: Compiled, now: DateTime, kinds: Collection[str] = KINDS
) -> Papers:
    """The papers of a compilation, made now of what it holds; those of them that are wanted."""
    row = made.row
    cycle = one_cycle(session, row.office_id, row.cycle_id) if row.cycle_id else None
    scope = scope_of(session, row, cycle)
    rows = rows_of(session, row.office_id, scope.regulation, scope.period, row.compiled_at)
    return papers_of(session, row.office_id, made, rows, now, settings.letters_folder, kinds)


def frozen_papers(settings: Settings, made: Compiled) -> Papers:
    """The papers that were signed, as they were; none of what is not signed.

    Raises Refusal where the attachments folder has lost one.
    """
    found: dict[str, tuple[str, bytes]] = {}
    for kind, paper in made.row.papers.items():
        try:
            contents = (settings.attachments_folder / str(paper["sha256"])).read_bytes()
        except OSError as error:
            raise Refusal("reviews.refused.paper_lost", name=paper["name"], why=error.strerror or "-") from error
        found[kind] = (str(paper["name"]), contents)
    return found


def check_unchanged(session: Session, made: Compiled) -> None:
    """Raises Refusal where the ledger would give other figures for the moment at which they were compiled.

    A letter with an earlier date, a rejection, a correction: the data behind the figures would not bear them out.
    """
    row = made.row
    scope = scope_of(session, row)
    if figures_of(session, row.office_id, scope.regulation, scope.period, row.compiled_at) != made.figures:
        raise Refusal("reviews.refused.ledger_changed", version=row.version)


def sign_off(
    settings: Settings, ledger: Ledger, compilation_id: int, note: str, now: DateTime, actor: str, seen: str = ""
) -> Compiled:
    """Signs a compilation off as of `now`. The papers' bytes are safe before anything is recorded about them.

    `seen` is the digest of what the person looked at. Raises Refusal for what is signed already, and where it was
    compiled again meanwhile.
    """
    with ledger.look() as session:
        made = compiled(session, ledger.office_id, compilation_id)
        if not made.is_signed:
            check_unchanged(session, made)
        papers = {} if made.is_signed else papers_now(session, settings, made, now)
    kept = {
        kind: keep(settings.attachments_folder, name, io.BytesIO(contents)) for kind, (name, contents) in papers.items()
    }
    with ledger.change(now=now, actor=actor) as change:
        return sign(change, compilation_id, note, kept, seen or made.row.digest)
