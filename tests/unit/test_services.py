"""Any service that Apprise knows: the brief arrives, nobody's address leads elsewhere, and no secret is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.settings import Settings, load_settings
from notifications.channels import MAIL_CHANNELS, chat_channels, open_channel, service_name
from notifications.channels.contract import ChannelError, Fault, Letter
from notifications.channels.service import ServiceChannel
from tests.unit.smtp_peer import free_port
from tests.unit.zalo_peer import BRIEF, letter

TOKEN = "khoa-dich-vu-8c1f"


class Gateway:
    """A service on this machine: notes what it is asked, and answers as it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self.status = 200
        self.host = ""

    @contextmanager
    def up(self) -> Iterator[Gateway]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                gateway.asked.append((self.path, body))
                said = json.dumps({"message": f"refused {TOKEN}"}).encode()
                self.send_response(gateway.status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture(scope="module")
def running() -> Iterator[Gateway]:
    with Gateway().up() as one:
        yield one


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    running.asked.clear()
    running.status = 200
    return running


def settings_with(home: Path, **services: str) -> Settings:
    return load_settings(home=home, services=json.dumps(services))


def send(settings: Settings, name: str, given: Letter) -> str:
    with open_channel(name, settings) as channel:
        return channel.deliver(given).detail


def test_the_brief_arrives_as_plain_text_and_nothing_else_of_the_letter(tmp_path: Path, gateway: Gateway) -> None:
    settings = settings_with(tmp_path, hook=f"json://user:{TOKEN}@{gateway.host}/gui/{{address}}")
    send(settings, "apprise-hook", letter(address="0912345678", text="Nội dung thông báo."))
    [(path, body)] = gateway.asked
    assert path == "/gui/0912345678"
    assert json.loads(body)["message"] == BRIEF
    assert "Nội dung" not in body.decode()


def test_an_sms_gateway_of_the_office_gets_the_number(tmp_path: Path, gateway: Gateway) -> None:
    settings = settings_with(tmp_path, sms=f"signal://{gateway.host}/+84900000001/{{address}}")
    send(settings, "apprise-sms", letter(address="+84912345678"))
    [(_, body)] = gateway.asked
    said = json.loads(body)
    assert said["recipients"] == ["+84912345678"]
    assert said["message"] == BRIEF


def test_a_number_that_the_gateway_cannot_read_is_no_address_and_nobody_else_hears(
    tmp_path: Path, gateway: Gateway
) -> None:
    settings = settings_with(tmp_path, sms=f"signal://{gateway.host}/+84900000001/{{address}}")
    with pytest.raises(ChannelError) as caught:
        send(settings, "apprise-sms", letter(address="ông-An"))
    assert caught.value.fault is Fault.ADDRESS
    assert gateway.asked == []


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_no_is_unknown_and_told_without_the_secret(tmp_path: Path, gateway: Gateway, status: int) -> None:
    gateway.status = status
    settings = settings_with(tmp_path, hook=f"json://user:{TOKEN}@{gateway.host}/gui/{{address}}?+X-Key={TOKEN}")
    with pytest.raises(ChannelError) as caught:
        send(settings, "apprise-hook", letter(address="0912345678"))
    assert caught.value.fault is Fault.UNKNOWN
    assert caught.value.detail
    assert TOKEN not in caught.value.detail
    assert not caught.value.again


def test_a_service_that_does_not_answer_is_unknown(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, hook=f"json://user:{TOKEN}@127.0.0.1:{free_port()}/gui/{{address}}")
    with pytest.raises(ChannelError) as caught:
        send(settings, "apprise-hook", letter(address="0912345678"))
    assert caught.value.fault is Fault.UNKNOWN
    assert TOKEN not in caught.value.detail


def test_a_letter_without_a_brief_says_nothing(tmp_path: Path, gateway: Gateway) -> None:
    settings = settings_with(tmp_path, hook=f"json://{gateway.host}/gui/{{address}}")
    with pytest.raises(ChannelError) as caught:
        send(settings, "apprise-hook", letter(address="0912345678", brief=" \u202e\n"))
    assert caught.value.fault is Fault.REFUSED
    assert gateway.asked == []


def test_hostile_words_arrive_harmless(tmp_path: Path, gateway: Gateway) -> None:
    settings = settings_with(tmp_path, hook=f"json://{gateway.host}/gui/{{address}}")
    hostile = "Sở \u202eX\u202c <b>\r\nBcc: ai@xấu.vn\x00 {address}"
    send(settings, "apprise-hook", letter(address="0912345678", brief=hostile))
    [(path, body)] = gateway.asked
    assert path == "/gui/0912345678"
    assert json.loads(body)["message"] == "Sở X <b>\nBcc: ai@xấu.vn {address}"


HOSTILE = ["..", ".", "a/../b", "a?x=1", "a&b=2", "a%2f..", "a,b", "a;b", "a b", "a\r\nb", "", "a" * 201, "a\u202eb"]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_could_lead_elsewhere_is_refused(tmp_path: Path, gateway: Gateway, address: str) -> None:
    settings = settings_with(tmp_path, hook=f"json://{gateway.host}/gui/{{address}}")
    with pytest.raises(ChannelError) as caught:
        send(settings, "apprise-hook", letter(address=address))
    assert caught.value.fault is Fault.ADDRESS
    assert gateway.asked == []


@given(address=st.text(st.characters(min_codepoint=33, max_codepoint=0x1EF9), min_size=1, max_size=30))
def test_no_address_reaches_another_host_path_or_parameter(running: Gateway, address: str) -> None:
    running.asked.clear()
    channel = ServiceChannel("apprise-hook", f"json://{running.host}/gui/{{address}}/cuoi?-giu=1")
    if not channel.accepts(address):
        return
    channel.deliver(letter(address=address))
    [(path, _)] = running.asked
    assert urlsplit(path).path.split("/")[1::2] == ["gui", "cuoi"]
    assert urlsplit(path).query == "giu=1"


def test_a_simulated_office_has_no_services(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, sms="json://127.0.0.1/{address}")
    assert chat_channels(settings, simulated=True) == frozenset()
    assert chat_channels(settings, simulated=False) == {"apprise-sms"}
    assert service_name("apprise-sms") == "sms"
    assert [service_name(one) for one in MAIL_CHANNELS] == [None, None]


@pytest.mark.parametrize(
    "given",
    [f'{{"sms": "twilio://{TOKEN}"}}', f'{{"Sms gateway": "json://{TOKEN}/{{address}}"}}', f"[{TOKEN}", f'"{TOKEN}"'],
)
def test_a_service_that_cannot_be_one_is_told_without_its_secret(tmp_path: Path, given: str) -> None:
    with pytest.raises(ValidationError) as caught:
        load_settings(home=tmp_path, services=given)
    assert TOKEN not in caught.value.errors()[0]["msg"]
