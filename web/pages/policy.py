"""The policy as a form: slots and hours of the office, reminders, the ladder; applied to what is open; exported."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from domain.errors import Refusal
from domain.policies import apply_to_open, policy_in_force, set_policy
from domain.policy import Policy, Role, as_yaml
from web.visit import Form, Manager, Sent, Viewer, Visit

router = APIRouter()
LEVELS = 6  #: rows of the ladder that the form offers
NUMBERS = (
    "repeat_last_level_every_days",
    "request_status_every_days",
    "stale_after_days",
    "acknowledged_for_working_days",
    "remind_owner_every_working_days",
)


@router.get("/policy")
def policy(visit: Viewer) -> Response:
    """The policy in force."""
    return visit.page("office/policy.html", **_context(visit))


@router.get("/policy.yaml")
def export(visit: Viewer) -> Response:
    """The policy as the file that `dondoc policy set` reads."""
    with visit.look() as session:
        words = as_yaml(policy_in_force(session, visit.office_id))
    headers = {"content-disposition": 'attachment; filename="policy.yaml"'}
    return Response(words, media_type="application/yaml; charset=utf-8", headers=headers)


@router.post("/policy")
def change(visit: Manager, form: Sent) -> Response:
    """Replaces the policy; notices filed from now on follow it."""
    try:
        with visit.change() as one:
            before = policy_in_force(one.session, visit.office_id)
            done = set_policy(one, _as_typed(before, form))
    except Refusal as refusal:
        return visit.refused("office/policy.html", refusal, **_context(visit, form))
    if done.moved.replanned:
        visit.follow_office()
    return visit.go("/policy", "office.policy_set")


@router.post("/policy/apply")
def apply(visit: Manager, form: Sent) -> Response:
    """Gives the policy to every notice with something open."""
    try:
        with visit.change() as one:
            apply_to_open(one, form.words("reason"))
    except Refusal as refusal:
        return visit.refused("office/policy.html", refusal, **_context(visit))
    visit.follow_office()
    return visit.go("/policy", "office.policy_applied")


def _as_typed(before: Policy, form: Form) -> Policy:
    """The policy that the form holds. Raises Refusal that names the first field that is wrong."""
    office = before.office.model_dump(mode="json", by_alias=True)
    follow_up = before.follow_up.model_dump(mode="json")
    office |= {
        "slots": form.words("slots").replace(";", ",").replace(",", " ").split(),
        "hours": {"from": form.words("hours_from"), "until": form.words("hours_until")},
        "before_date": form.words("before_date"),
        "link_days": form.words("link_days"),
        "chats_quote_directives": form.has("chats_quote"),
    }
    follow_up |= {name: form.words(name) for name in NUMBERS}
    follow_up["remind_working_days_before"] = form.words("remind").replace(",", " ").split()
    follow_up["hold_ladder_while_extension_is_asked"] = form.has("hold_ladder")
    follow_up["repeat_last_level_at_most"] = form.words("repeat_at_most") or None
    follow_up["ladder"] = [_level(form, n) for n in range(LEVELS) if form.words(f"after_{n}")]
    try:
        return Policy.model_validate({"office": office, "follow_up": follow_up})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refusal("errors.policy_broken", file="–", where=where, why=first["msg"]) from None


def _level(form: Form, n: int) -> dict[str, Any]:
    return {
        "after_working_days": form.words(f"after_{n}"),
        "tell": form.all(f"tell_{n}"),
        "needs_approval": form.has(f"approval_{n}"),
    }


def _context(visit: Visit, form: Form | None = None) -> dict[str, Any]:
    with visit.look() as session:
        now = policy_in_force(session, visit.office_id)
    return {
        "policy": now,
        "typed": form.typed() if form else {},
        "told": {n: form.all(f"tell_{n}") for n in range(LEVELS)} if form else None,
        "levels": LEVELS,
        "numbers": NUMBERS,
        "roles": list(Role),
    }
