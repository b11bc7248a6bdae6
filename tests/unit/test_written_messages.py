"""Every kind of message in both languages, as it was read and found fit to be signed.

After a change of words: `python -m tests.unit.test_written_messages`, then read what changed before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pendulum
import pytest

from domain.moments import FOR_OFFICE, Kind
from notifications.messages import Rendered, Setting
from notifications.outbox import LINK
from notifications.previewing import preview

WRITTEN = Path(__file__).parent / "messages_written"
LANGUAGES = ("vi", "en")
REQUESTED = (Kind.ASSIGN, Kind.OVERDUE)  #: said otherwise to those who are asked, not ordered
RULE = "=" * 60


def setting(language: str, kind: Kind) -> Setting:
    """An office that writes on a Friday in April."""
    for_office = kind in FOR_OFFICE
    return Setting(
        office="Văn phòng Ủy ban nhân dân tỉnh",
        now=pendulum.datetime(2026, 4, 17, 8, tz="Asia/Ho_Chi_Minh"),
        language=language,
        answers=not for_office,
        whom_to_ask="" if for_office else "Trần Văn Bình, binh@vanphong.example",
        pages="https://dondoc.vanphong.example",
    )


def one(kind: Kind, language: str, *, count: int = 1, request: bool = False) -> Rendered:
    return preview(kind, setting(language, kind), count=count, request=request)


def as_read(title: str, made: Rendered) -> str:
    facts = "\n".join(f"{name} = {value}" for name, value in made.facts.items())
    parts = (f"{RULE}\n{title}\n{RULE}", made.subject, made.text.strip(), "--- chat", made.brief, "--- facts", facts)
    return "\n".join(parts).replace(LINK, "<LINK>")


def whole(language: str) -> str:
    found = [as_read(str(kind), one(kind, language)) for kind in Kind]
    found += [as_read(f"{kind}, requested", one(kind, language, request=True)) for kind in REQUESTED]
    found.append(as_read("remind, 23 at once", one(Kind.REMIND, language, count=23)))
    return "\n\n".join(found) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_message_reads_as_it_was_approved(language: str) -> None:
    assert whole(language) == (WRITTEN / f"{language}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_names_twenty_counts_the_rest_and_carries_one_link(language: str) -> None:
    made = one(Kind.REMIND, language, count=23)
    for body in (made.text, made.brief):
        assert body.count("12/TB-VP") == 20
        assert body.count(LINK) == 1
    assert made.html.count(f'href="{LINK}"') == 2  # the button, and the address for whose mail shows no button
    assert ("3 việc khác" if language == "vi" else "3 more") in made.text


if __name__ == "__main__":
    for name in LANGUAGES:
        (WRITTEN / f"{name}.txt").write_text(whole(name), encoding="utf-8")
