"""The wire of mail: certificates that are checked, servers that hang, addresses beyond ASCII, a disk that is full."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import event

from domain.errors import Refusal
from notifications.channels import email
from notifications.delivery import BACKOFF_MINUTES, Delivered
from notifications.outbox import Message
from tests.story import OfficeStory
from tests.unit.smtp_peer import LOCAL, Peer, settings_for
from tests.unit.test_delivery import MailStory


@pytest.fixture
def story(office: OfficeStory) -> MailStory:
    return MailStory(office)


def certificate(folder: Path, *, host: str = LOCAL) -> tuple[Path, Path]:
    """(certificate, key) that the server shows; it signs itself."""
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    shown, secret = folder / "server.pem", folder / "server.key"
    shown.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return shown, secret


class Sealed(Controller):
    """A server that speaks TLS after STARTTLS, and nothing before."""

    def __init__(self, handler: Peer, context: ssl.SSLContext) -> None:
        super().__init__(handler, hostname=LOCAL, port=handler.port)
        self.context = context

    def factory(self) -> SMTP:
        return SMTP(self.handler, tls_context=self.context, require_starttls=True)


@contextmanager
def sealed(peer: Peer, folder: Path, host: str = LOCAL) -> Iterator[Path]:
    """The peer behind STARTTLS; answers its certificate."""
    shown, secret = certificate(folder, host=host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, secret)
    controller = Sealed(peer, context)
    controller.start()
    try:
        yield shown
    finally:
        controller.stop()


def by_starttls(story: MailStory) -> None:
    story.settings = settings_for(story.settings, story.peer.url.replace("smtp://", "smtp+starttls://"))


def test_mail_goes_over_starttls_where_the_certificate_is_trusted(
    story: MailStory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_starttls(story)
    story.queues("a")
    with sealed(story.peer, tmp_path) as shown:
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))
        assert story.delivers() == Delivered(sent=1)


@pytest.mark.parametrize("host", [LOCAL, "127.0.0.9"])
def test_nothing_is_told_to_a_server_whose_certificate_is_not_trusted_or_another_hosts(
    story: MailStory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    by_starttls(story)
    story.queues("a")
    with sealed(story.peer, tmp_path, host) as shown:
        if host != LOCAL:
            monkeypatch.setenv("SSL_CERT_FILE", str(shown))
        assert story.delivers() == Delivered(waiting=1)
    assert story.peer.received == []
    assert story.outcomes("a") == ["retry"]


def test_a_server_that_answers_nothing_to_the_recipient_gets_the_mail_later(
    story: MailStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "PATIENCE", 0.3)
    story.queues("a", "b")

    async def hangs(server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        await server.loop.run_in_executor(None, story.peer.answers.wait)
        return "451 late"

    with story.peer.up(), monkeypatch.context() as now:
        now.setattr(story.peer, "handle_RCPT", hangs)
        story.peer.answers.clear()
        assert story.delivers() == Delivered(waiting=2)
        story.peer.answers.set()
    assert story.outcomes("a") == ["retry"]


def test_a_server_that_takes_a_mail_and_hangs_gets_it_once_more_and_never_again(
    story: MailStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "PATIENCE", 0.3)
    story.queues("a")
    with story.peer.up():
        for _ in range(3):
            story.peer.answers.clear()
            story.delivers()
            story.peer.answers.set()
            story.waits(BACKOFF_MINUTES[-1])
    assert list(story.peer.counts().values()) == [2]
    assert story.statuses() == ["unknown"]
    assert story.outcomes("a") == ["unknown", "unknown"]


@pytest.mark.parametrize("takes_them", [True, False])
def test_addresses_beyond_ascii_arrive_where_the_server_takes_them(story: MailStory, takes_them: bool) -> None:
    story.queues("đặng", "b")
    controller = Controller(story.peer, hostname=LOCAL, port=story.peer.port, enable_SMTPUTF8=takes_them)
    controller.start()
    try:
        done = story.delivers()
    finally:
        controller.stop()
    addresses = [one.recipients[0] for one in story.peer.received]
    if takes_them:
        assert addresses == ["đặng@coquan.example", "b@coquan.example"]
        assert "đặng@coquan.example" in str(story.peer.received[0].mail["To"])
    else:
        assert (addresses, done) == (["b@coquan.example"], Delivered(sent=1, failed=1))
        assert "không nhận địa chỉ có dấu" in story.words("đặng")[0]


def test_a_host_beyond_ascii_needs_no_special_server(story: MailStory) -> None:
    story.queues("a")
    with story.ledger.change(now=story.now, actor="test") as change:
        change.session.get_one(Message, story.message("a").id).address = "a@cơquan.example"
    with story.peer.up():
        assert story.delivers() == Delivered(sent=1)
    assert story.peer.received[0].recipients == ("a@xn--cquan-uob.example",)


def test_a_full_disk_loses_no_mail_and_doubles_none_but_the_one_on_the_wire(story: MailStory) -> None:
    names = [f"n{place:03}" for place in range(200)]
    story.queues(*names)
    with story.peer.up():
        with a_full_disk(story), pytest.raises(Refusal) as refused:
            story.delivers()
        assert refused.value.code == "errors.database"
        story.delivers()
        story.waits(BACKOFF_MINUTES[0])
        story.delivers()
    assert story.statuses() == ["sent"] * len(names)
    assert set(story.peer.counts()) == {f"<{name}@vanphong.example>" for name in names}
    assert story.peer.counts().total() <= len(names) + 1


@contextmanager
def a_full_disk(story: MailStory) -> Iterator[None]:
    """SQLite may not let the ledger grow by a page, and every free page is taken."""
    engine = story.ledger.engine

    def full(connection: Any, _record: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine.dispose()
    event.listen(engine, "connect", full)
    try:
        yield
    finally:
        event.remove(engine, "connect", full)
        engine.dispose()
