"""What Zalo sends us: events of the Official Account and of the bot, and its administrator's consent."""

from __future__ import annotations

import hmac
import logging
from functools import partial
from typing import Any

from anyio import move_on_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from config.secret import secret_of
from config.settings import Settings
from config.words import say_with
from domain.errors import Refusal
from domain.offices import the_office
from domain.store import Ledger
from notifications.channels import ZALO_BOT, ZALO_OA
from notifications.channels.zalo.bot_events import SECRET_HEADER, bot_event_of
from notifications.channels.zalo.consent import PATH, code_and_state, consent, consent_address, note_consent
from notifications.channels.zalo.settings import zalo_settings
from notifications.channels.zalo.taking import Taker, Took
from notifications.channels.zalo.webhook import HEADER, Event, Wrote, event_of, is_genuine
from web.guard import Rates
from web.visit import Admin, Sent, now_of

LARGEST = 64 << 10  #: bytes of an event
AT_MOST = 1.5  #: seconds until Zalo is answered, whatever the database does: it waits for 2

router = APIRouter()
log = logging.getLogger("dondoc.zalo")


async def from_the_account(request: Request) -> Response:
    """An event of the Official Account: believed when it is signed, answered at once."""
    settings: Settings = request.app.state.settings
    body = await _body(request)
    if body is None or not is_genuine(request.headers.get(HEADER, ""), body, zalo_settings(settings)):
        return PlainTextResponse("", 403)
    await _taken(request, event_of(body), ZALO_OA)
    return PlainTextResponse("")


async def from_the_bot(request: Request) -> Response:
    """What somebody wrote to the bot: believed when it carries the secret that we gave the bot."""
    settings: Settings = request.app.state.settings
    secret = settings.zalo_bot_secret.get_secret_value()
    given = request.headers.get(SECRET_HEADER, "")
    body = await _body(request)
    if body is None or not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        return PlainTextResponse("", 403)
    await _taken(request, bot_event_of(body), ZALO_BOT)
    return PlainTextResponse("")


# Plain routes: nobody's session, no form, and the body as it was sent, since it is what was signed.
router.add_route("/zalo/webhook", from_the_account, methods=["POST"])
router.add_route("/zalo/bot", from_the_bot, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    """The body as it was sent; None for one that is too large to be an event."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return body


async def _taken(request: Request, event: Event | None, channel: str) -> None:
    """Has the event carried out; where that takes too long it goes on by itself, and Zalo is answered."""
    if event is None:
        return
    settings, ledger, rates = request.app.state.settings, request.app.state.ledger, request.app.state.rates
    with move_on_after(AT_MOST):
        await run_sync(partial(_take, request, settings, ledger, rates, event, channel), abandon_on_cancel=True)


def _take(request: Request, settings: Settings, ledger: Ledger, rates: Rates, event: Event, channel: str) -> None:
    """Carries the event out. A chat that wrote some wrong codes is not asked for more just now."""
    chat = f"{channel}:{event.user_id}"
    if isinstance(event, Wrote) and rates.spent("code", request, chat):
        return
    try:
        with ledger.look() as session:
            now = now_of(the_office(session, ledger.office_id))
        if Taker(ledger, secret_of(settings), now, channel).take(event) is Took.WRONG_CODE:
            rates.allows("code", request, chat)
    except Refusal as refusal:
        log.warning("event lost", extra={"why": refusal.code})


@router.get(PATH)
def consent_page(visit: Admin, request: Request) -> Response:
    """How the administrator consents, and where Zalo sends the browser back to. Nothing is stored before a click."""
    here = str(request.url) if request.query_params.get("code") else ""
    return visit.page("office/zalo_consent.html", **_asked(visit, here))


@router.post(PATH)
def consented(visit: Admin, form: Sent) -> Response:
    """Exchanges what Zalo answered for tokens."""
    answer = form.words("answer")
    try:
        tokens = consent(visit.ledger, visit.settings, *code_and_state(answer), visit.now)
    except Refusal as refusal:
        return visit.refused("office/zalo_consent.html", refusal, **_asked(visit, answer))
    with visit.change() as change:
        note_consent(change, tokens)
    return visit.go(PATH, "ways.consented")


def _asked(visit: Admin, answer: str) -> dict[str, Any]:
    """What the page shows: where to consent, or what is lacking for it, and Zalo's answer."""
    try:
        return {"there": consent_address(visit.settings, visit.now), "lacking": "", "answer": answer}
    except Refusal as refusal:
        return {"there": "", "lacking": say_with(refusal.code, refusal.params), "answer": answer}
