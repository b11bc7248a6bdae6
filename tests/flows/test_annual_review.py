"""Reviews on a real Prefect server: an operator's form, and the yearly schedule that reconcile keeps."""

from __future__ import annotations

from datetime import date

import httpx
import pytest
from prefect.client.orchestration import get_client

from domain.keys import key
from domain.regulations import NewRegulation, NewSide, add_regulation
from domain.reviews.cycles import cycles
from domain.reviews.periods import Shape
from domain.reviews.schedules import DayOfYear, NewSchedule, set_schedule
from flows.annual_review import NAME, PartOfYear, annual_review
from flows.desk import deployment_name
from flows.reconcile import reconcile
from flows.scheduling import tagged_runs
from tests.story import OfficeStory, parse_moment

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]
SIDES = (
    NewSide("Ủy ban nhân dân tỉnh", ("Sở Nội vụ", "Sở Tài chính")),
    NewSide("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"),
)


def regulated(office: OfficeStory) -> None:
    """There is a regulation, which is reviewed each year."""
    office.now = parse_moment("2018-10-01 09:00")
    with office.ledger.change(now=office.now, actor="test") as change:
        given = NewRegulation("03/QCPH", date(2017, 1, 10), "Quy chế phối hợp công tác", SIDES)
        row = add_regulation(change, given)
        set_schedule(change, row, NewSchedule(Shape.NINE_MONTHS, DayOfYear(11, 1), DayOfYear(12, 15)))


def test_the_deployment_has_a_form_with_typed_fields(followed_office: OfficeStory) -> None:
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(f"{NAME}/{deployment_name(followed_office.settings)}")
    schema = deployment.parameter_openapi_schema
    assert schema is not None
    fields = schema["properties"]
    assert set(fields) == {"regulation", "year", "last_day", "part", "letter_number", "now"}
    assert schema["required"] == ["regulation", "year", "last_day"]
    assert fields["last_day"]["format"] == "date"
    assert fields["year"]["type"] == "integer"
    assert set(schema["definitions"]["PartOfYear"]["enum"]) == {str(one) for one in PartOfYear}
    assert "quy chế" in fields["regulation"]["description"].casefold()


def test_an_operator_opens_a_review_and_opening_it_again_changes_nothing(
    followed_office: OfficeStory, on_prefect: str
) -> None:
    regulated(followed_office)
    asked = {"regulation": "03/QCPH", "year": 2018, "last_day": date(2018, 12, 14), "now": followed_office.now}
    first = annual_review(**asked)
    assert first == {"review": 1, "conclusion": "01/YC-BC", "opened": True}
    assert annual_review(**asked) == first | {"opened": False}
    assert [run.name for _, run in tagged_runs(followed_office.desk(), "01/YC-BC")] == ["01/YC-BC"]
    body = {"artifacts": {"key": {"any_": ["review-1"]}}}
    found = httpx.post(f"{on_prefect}/artifacts/filter", json=body, timeout=30).json()
    assert "03/QCPH" in found[0]["data"]


def test_what_an_operator_typed_wrong_is_one_line_and_opens_nothing(followed_office: OfficeStory) -> None:
    regulated(followed_office)
    state = annual_review(
        "99/QC", 2018, date(2018, 12, 14), PartOfYear.FIRST_HALF, "", followed_office.now, return_state=True
    )
    assert state.is_failed()
    assert "99/QC" in (state.message or "")
    assert "Traceback" not in (state.message or "")
    with followed_office.ledger.look() as session:
        assert cycles(session, followed_office.ledger.office_id) == []


def test_reconcile_opens_what_the_yearly_schedule_asks_for_and_starts_its_flow(followed_office: OfficeStory) -> None:
    regulated(followed_office)
    assert reconcile(now=followed_office.now)["reviews"] == 0
    followed_office.sleeps_until("2018-11-02 10:00")
    made = reconcile(now=followed_office.now)
    assert (made["reviews"], made["conclusions"]) == (1, 1)
    assert reconcile(now=followed_office.now)["reviews"] == 0
    with followed_office.ledger.look() as session:
        (cycle,) = cycles(session, followed_office.ledger.office_id)
    assert (cycle.row.period, key(cycle.conclusion.id)) == ("2018-9M", cycle.row.conclusion_id)
