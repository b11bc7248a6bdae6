"""An office's own wording: its templates come first, and a broken one loses no message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import load_settings
from domain.errors import Refusal
from domain.moments import Kind
from notifications.findings import channel_findings
from notifications.previewing import preview
from tests.story import OfficeStory, directive, draft
from tests.unit.test_written_messages import setting

BROKEN = ("{{ nobody_knows }}", "{% for x in %}", "{{ 1/0 }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "   ")


def own(office: OfficeStory, name: str, words: str) -> Path:
    path = office.settings.templates_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")
    return path


def test_an_offices_own_words_are_used_for_what_it_overrides_and_for_nothing_else(office: OfficeStory) -> None:
    own(office, "vi/message.txt.j2", "Kính thưa {{ recipient }}: {{ parts[0]['items'][0].deadline }}. {{ link }}\n")
    office.files(draft(directive("Sở Nội vụ", "2018-03-20")), "2018-03-07 09:00")
    office.holds_round()
    (message,) = office.messages()
    assert message.text.startswith("Kính thưa Sở Nội vụ: trước ngày 20/3/2018, tức hết thứ Hai 19/3/2018.")
    assert "NHIỆM VỤ MỚI" in message.html


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_template_loses_no_message(office: OfficeStory, words: str) -> None:
    own(office, "vi/message.html.j2", words)
    office.files(draft(directive("Sở Nội vụ", "2018-03-20")), "2018-03-07 09:00")
    office.holds_round()
    (message,) = office.messages()
    assert message.status == "sent"
    assert "NHIỆM VỤ MỚI" in message.html


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_template_is_named_before_anybody_gets_a_message(office: OfficeStory, words: str) -> None:
    path = own(office, "vi/brief.txt.j2", words)
    with pytest.raises(Refusal) as refused:
        preview(Kind.OVERDUE, replace(setting("vi", Kind.OVERDUE), templates=office.settings.templates_folder))
    assert str(path) in str(refused.value.params["file"])
    assert any(str(path) in line for line in channel_findings(office.ledger, office.settings))


def test_an_office_without_templates_of_its_own_has_nothing_to_mend(office: OfficeStory) -> None:
    assert channel_findings(office.ledger, load_settings(home=office.settings.home)) == []
