"""The desk: a notice is dropped, chosen or pasted, and read; papers that lie there are gone on with."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse, Response

from config.words import say
from domain.accounts import accounts_of
from domain.doubts import doubtful
from domain.drafts import Draft
from domain.errors import Refusal
from domain.filetypes import plain_name
from domain.keys import key
from domain.names import Registry
from domain.papers import Paper, papers_of
from domain.paperwork import NEWS, drop, first_draft, lay, reader_of
from domain.reading import load_document
from web.marked_text import plain
from web.visit import Clerk, Form, Sent, Visit

router = APIRouter()
LARGEST = 25 << 20  #: bytes of a document
LONGEST_NAME = 200  #: bytes of a file's name
PaperId = Annotated[int, InPath(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class Lying:
    """A paper on the desk, as the list shows it."""

    id: int
    name: str
    number: str
    title: str
    by: str
    since: datetime
    changed: datetime
    directives: int
    left: int  #: directives that still need a look


@router.get("/filing")
def desk(visit: Clerk) -> Response:
    """The desk."""
    return visit.page("filing/desk.html", **_desk(visit))


def _desk(visit: Visit, pasted: str = "") -> dict[str, Any]:
    with visit.look() as session:
        papers = papers_of(session, visit.office_id)
        names = {one.username: one.name for one in accounts_of(session, visit.office_id)}
        registry = reader_of(session, visit.office_id).registry if papers else Registry(())
    lying = [_lying(one, names, registry) for one in papers]
    return {"papers": lying, "pasted": pasted, "most": LARGEST >> 20}


def _lying(paper: Paper, names: dict[str, str], registry: Registry) -> Lying:
    draft = Draft.model_validate(paper.draft)
    found = doubtful(draft, registry, news=draft.document_kind == NEWS)
    return Lying(
        id=key(paper.id),
        name=plain(paper.name),
        number=plain(draft.number or ""),
        title=plain(draft.title or ""),
        by=names.get(paper.actor, paper.actor),
        since=paper.created_at,
        changed=paper.changed_at,
        directives=len(draft.directives),
        left=sum(one.blocks or one.directive.path not in paper.seen for one in found),
    )


@router.post("/filing")
def put_down(visit: Clerk, form: Sent) -> Response:
    """Reads a file or pasted words and puts the paper on the desk; what cannot be read is refused and not kept."""
    try:
        with _on_disk(form) as path:
            document = load_document(path)
        with visit.look() as session:
            reader = reader_of(session, visit.office_id)
        draft = first_draft(document, reader)
        with visit.change() as change:
            paper = lay(change, document, draft)
    except Refusal as refusal:
        return visit.refused("filing/desk.html", refusal, **_desk(visit, form.words("text")))
    return RedirectResponse(f"/filing/{paper.id}?done=filing.laid", 303)


@contextmanager
def _on_disk(form: Form) -> Iterator[Path]:
    """What was sent, as a file that is gone afterwards. Raises Refusal for nothing, several files, or too much."""
    files, words = form.files("file"), form.words("text")
    if len(files) > 1:
        raise Refusal("web_filing.refused.several")
    with tempfile.TemporaryDirectory(prefix="dondoc-") as folder:
        if files:
            if (files[0].size or 0) > LARGEST:
                raise Refusal("web_filing.refused.too_large", most=LARGEST >> 20)
            path = Path(folder) / file_name(files[0].filename or "")
            with path.open("wb") as target:
                shutil.copyfileobj(files[0].file, target)
        elif words:
            if len(words.encode("utf-8", "replace")) > LARGEST:
                raise Refusal("web_filing.refused.too_large", most=LARGEST >> 20)
            path = Path(folder) / file_name(say("web_filing.desk.pasted_name"))
            path.write_text(words, encoding="utf-8", errors="replace", newline="\n")
        else:
            raise Refusal("web_filing.refused.nothing")
        yield path


def file_name(name: str) -> str:
    """A name that is safe in a folder: no path, nothing unseen, and short enough in bytes; the suffix stays."""
    plain = PurePosixPath(plain_name(name))
    stem, suffix = plain.stem, plain.suffix[:12]
    room = LONGEST_NAME - len(suffix.encode())
    return stem.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore") + suffix.encode("ascii", "ignore").decode()


@router.post("/filing/{paper_id}/drop")
def take_away(visit: Clerk, form: Sent, paper_id: PaperId) -> Response:
    """Takes a paper off the desk."""
    with visit.change() as change:
        drop(change, paper_id)
    return visit.go("/filing", done="filing.dropped")
