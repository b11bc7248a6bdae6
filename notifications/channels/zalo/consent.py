"""Consent: the Official Account's administrator lets us speak for it (OAuth v4 with PKCE, RFC 7636).

Nothing is kept between asking and the answer: the verifier is made from the state and the office's secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from contextlib import closing
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from config.secret import secret_of
from config.settings import Settings
from domain.errors import Refusal
from domain.store import Change, Ledger
from notifications.channels import ZALO_OA, ZALO_ZNS
from notifications.channels.contract import ChannelError
from notifications.channels.zalo.refreshing import TokenKeeper
from notifications.channels.zalo.settings import zalo_settings
from notifications.channels.zalo.tokens import Tokens, ledger_tokens
from notifications.channels.zalo.wire import Wire
from notifications.stops import start_channel

PATH = "/zalo/consent"  #: of our own page to which Zalo sends the administrator back
LIVES = timedelta(hours=1)  #: between asking and the answer
LONGEST = 2000  #: characters of a code


def consent_address(settings: Settings, now: datetime) -> str:
    """Where the administrator consents. Raises Refusal where the app is not set up."""
    zalo = zalo_settings(settings)
    zalo.require("app_id", "secret_key")
    secret = secret_of(settings)
    stem = f"{int((now + LIVES).timestamp())}.{secrets.token_urlsafe(12)}"
    state = f"{stem}.{_mark(stem, secret)}"
    asked = {
        "app_id": zalo.app_id,
        "redirect_uri": settings.base_url + PATH,
        "code_challenge": _base64(hashlib.sha256(verifier_of(state, secret).encode()).digest()),
        "code_challenge_method": "S256",
        "state": state,
    }
    return f"{zalo.oauth_host}{zalo.consent_path}?{urlencode(asked)}"


def code_and_state(typed: str, state: str = "") -> tuple[str, str]:
    """What Zalo answered: the whole address to which it led the browser, or the code alone beside the state."""
    if "://" not in typed:
        return typed.strip(), state.strip()
    query = parse_qs(urlsplit(typed.strip()).query)
    return query.get("code", [""])[0], state.strip() or query.get("state", [""])[0]


def consent(ledger: Ledger, settings: Settings, code: str, state: str, now: datetime) -> Tokens:
    """Exchanges the code for tokens and stores them, sealed. Raises Refusal where anything is not as it should be."""
    zalo, secret = zalo_settings(settings), secret_of(settings)
    zalo.require("app_id", "secret_key")
    _check(state, secret, now)
    if not code or len(code) > LONGEST:
        raise Refusal("zalo.consent.no_code")
    with closing(Wire(zalo.patience)) as wire:
        keeper = TokenKeeper(zalo, ledger_tokens(ledger, settings), wire)
        try:
            return keeper.consented(code, verifier_of(state, secret), now)
        except ChannelError as error:
            raise Refusal("zalo.consent.refused", why=error.detail) from None


def note_consent(change: Change, tokens: Tokens) -> None:
    """Writes down that there is consent again; channels that stood still for want of it go on."""
    change.record("channel.consented", f"channel:{ZALO_OA}", until=tokens.consent_ends.isoformat())
    for channel in (ZALO_OA, ZALO_ZNS):
        start_channel(change, channel)


def verifier_of(state: str, secret: bytes) -> str:
    """43 characters that only we can make (RFC 7636, 4.1)."""
    return _base64(hmac.new(secret, f"dondoc zalo verifier|{state}".encode(), hashlib.sha256).digest())


def _check(state: str, secret: bytes, now: datetime) -> None:
    """Raises Refusal for a state that is not ours, or old."""
    stem, _, mark = state.rpartition(".")
    if not hmac.compare_digest(mark.encode(), _mark(stem, secret).encode()):
        raise Refusal("zalo.consent.bad_state")
    if now.timestamp() >= int(stem.partition(".")[0]):
        raise Refusal("zalo.consent.late")


def _mark(stem: str, secret: bytes) -> str:
    return hmac.new(secret, f"dondoc zalo state|{stem}".encode(), hashlib.sha256).hexdigest()[:32]


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
