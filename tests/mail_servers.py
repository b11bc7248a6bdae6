"""Real mail servers for tests: Debian's Dovecot (IMAP, LMTP) and Exim, each run from a folder of its own.

They listen on free loopback ports with a certificate of a CA that the test makes, and run as nobody where the tests
run as root. `.ci/mail-servers` installs them; no service of the system is touched.
"""

from __future__ import annotations

import grp
import imaplib
import ipaddress
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from flows.server import free_port

LOCAL = "127.0.0.1"
USER, PASSWORD = "van-phong", "mật khẩu/@ dài"
DOMAIN, ELSEWHERE = "vanphong.example", "coquan.example"
PATIENCE = 60.0  #: seconds after which a test gives up waiting for a server
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


@dataclass(frozen=True)
class Folder:
    """Where a server lives, and as whom it runs."""

    path: Path
    user: pwd.struct_passwd

    @property
    def ca(self) -> Path:
        return self.path / "ca.pem"

    def give_away(self) -> None:
        """Everything in the folder belongs to whom the server runs as."""
        for one in (self.path, *self.path.rglob("*")):
            os.chown(one, self.user.pw_uid, self.user.pw_gid)


@contextmanager
def server_folder() -> Iterator[Folder]:
    """A short path that nobody else may have to pass: sockets have 108 characters, pytest's folders are root's own."""
    path = Path(tempfile.mkdtemp(prefix="dondoc-mail-"))
    path.chmod(0o755)
    make_certificates(path)
    try:
        yield Folder(path, pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid()))
    finally:
        shutil.rmtree(path, ignore_errors=True)


def make_certificates(folder: Path) -> None:
    """`ca.pem`, and `cert.pem` with `key.pem` of a server on this machine."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"CA of {folder.name}")])
    ca = _certificate(ca_name, ca_name, ca_key.public_key(), ca_key, x509.BasicConstraints(ca=True, path_length=0))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(LOCAL))])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    leaf = x509.BasicConstraints(ca=False, path_length=None)
    cert = _certificate(name, ca_name, key.public_key(), ca_key, leaf, names)
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    signing: ec.EllipticCurvePrivateKey,
    *extensions: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(public)
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
    for one in extensions:
        made = made.add_extension(one, critical=isinstance(one, x509.BasicConstraints))
    return made.sign(signing, hashes.SHA256())


@contextmanager
def running(command: list[str], folder: Folder, port: int) -> Iterator[None]:
    """A server in the foreground, up while the block runs."""
    with open(folder.path / "out", "ab") as out:
        os.chown(folder.path / "out", folder.user.pw_uid, folder.user.pw_gid)
        as_somebody = {} if os.getuid() else {"user": folder.user.pw_uid, "group": folder.user.pw_gid}
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=folder.path,
            env={"PATH": PATH, "HOME": str(folder.path), "TZ": "UTC"},
            extra_groups=[] if os.getuid() == 0 else None,
            **as_somebody,  # type: ignore[arg-type]
        )
    try:
        _wait_for(process, port, folder)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(process: subprocess.Popen[bytes], port: int, folder: Folder) -> None:
    """Until it takes connections; a server that dies says why."""
    for _ in range(int(PATIENCE / 0.05)):
        try:
            socket.create_connection((LOCAL, port), timeout=5).close()
            return
        except OSError:
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            break
    logs = [one.read_text(errors="replace") for one in folder.path.glob("*log*") if one.is_file()]
    raise AssertionError("\n".join([(folder.path / "out").read_text(errors="replace"), *logs]))


def needed(program: str) -> str:
    """Where a server's program is; a machine without it skips its tests."""
    found = shutil.which(program, path=PATH)
    if found is None:
        pytest.skip(f"{program} is not installed: run .ci/mail-servers")
    return found


@dataclass(frozen=True)
class Dovecot:
    """A running Dovecot with one mailbox."""

    folder: Folder
    imap_port: int
    imaps_port: int
    lmtp_port: int

    def url(self, scheme: str = "imaps", host: str = "localhost", folder: str = "") -> str:
        port = self.imaps_port if scheme == "imaps" else self.imap_port
        return f"{scheme}://{USER}:m%E1%BA%ADt%20kh%E1%BA%A9u%2F%40%20d%C3%A0i@{host}:{port}{folder}"

    @contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4_SSL]:
        """A mail program of somebody who has the password."""
        context = ssl.create_default_context(cafile=str(self.folder.ca))
        with imaplib.IMAP4_SSL("localhost", self.imaps_port, ssl_context=context, timeout=PATIENCE) as wire:
            wire.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            assert wire.select(folder)[0] == "OK"
            yield wire

    def gets(self, *mails: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Mails lie in the mailbox, as they would after delivery."""
        with self.client(folder) as wire:
            when = imaplib.Time2Internaldate(at) if at else None
            for mail in mails:
                assert wire.append(folder, None, when, mail)[0] == "OK"  # type: ignore[arg-type]

    def flags(self) -> list[bytes]:
        """The flags of each mail, in order."""
        with self.client() as wire:
            found = wire.uid("FETCH", "1:*", "(FLAGS)")[1]
        return [one for one in found if isinstance(one, bytes)]

    def emptied(self) -> None:
        """Somebody throws everything away."""
        with self.client() as wire:
            wire.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            wire.expunge()

    def waits_for_mail(self) -> None:
        """Until the mailbox holds something: the server tells (RFC 2177)."""
        with self.client() as wire:
            wire.send(b"x1 IDLE\r\n")
            while (line := wire.readline()) and not (line.endswith(b"EXISTS\r\n") and not line.startswith(b"* 0 ")):
                if line.startswith(b"+") and self.flags():
                    break
            wire.send(b"DONE\r\n")
            while line and not (line := wire.readline()).startswith(b"x1 "):
                pass

    def makes(self, name: str) -> None:
        """Another folder, made anew: it numbers its mails from the beginning."""
        with self.client() as wire:
            wire.delete(name)
            assert wire.create(name)[0] == "OK"


DOVECOT = """\
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_dh =
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%n
auth_username_format = %Ln
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Dovecot with one empty mailbox."""
    program = needed("dovecot")
    with server_folder() as folder:
        made = Dovecot(folder, free_port(), free_port(), free_port())
        values = {
            "folder": folder.path, "user": folder.user.pw_name, "group": grp.getgrgid(folder.user.pw_gid).gr_name,
            "uid": folder.user.pw_uid, "gid": folder.user.pw_gid,
            "imap": made.imap_port, "imaps": made.imaps_port, "lmtp": made.lmtp_port,
        }  # fmt: skip
        (folder.path / "dovecot.conf").write_text(DOVECOT.format(**values))
        (folder.path / "users").write_text(f"{USER}:{PASSWORD}::::::\n", encoding="utf-8")
        for name in ("base", "state", "mail"):
            (folder.path / name).mkdir()
        folder.give_away()
        with running([program, "-F", "-c", str(folder.path / "dovecot.conf")], folder, made.imaps_port):
            yield made


@dataclass(frozen=True)
class Exim:
    """A running Exim that knows one mailbox and nobody else."""

    folder: Folder
    port: int

    @property
    def url(self) -> str:
        return f"smtp+starttls://localhost:{self.port}"

    def log(self) -> str:
        found = self.folder.path / "spool" / "mainlog"
        return found.read_text(encoding="utf-8", errors="replace") if found.exists() else ""


EXIM = """\
exim_user = {uid}
exim_group = {gid}
deliver_drop_privilege = true
keep_environment =
primary_hostname = localhost
qualify_domain = {domain}
spool_directory = {folder}/spool
log_file_path = {folder}/spool/%slog
pid_file_path = {folder}/exim.pid
disable_ipv6 = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
tls_advertise_hosts = *
tls_certificate = {folder}/cert.pem
tls_privatekey = {folder}/key.pem
acl_smtp_rcpt = here
host_lookup =
rfc1413_query_timeout = 0s
begin acl
here:
  require message = STARTTLS first
          encrypted = *
  accept
begin routers
mailbox:
  driver = accept
  domains = {domain}
  local_parts = {mailbox}
  transport = to_dovecot
begin transports
to_dovecot:
  driver = smtp
  protocol = lmtp
  hosts = 127.0.0.1
  hosts_override
  port = {lmtp}
  allow_localhost
  hosts_avoid_tls = *
begin retry
* * F,1h,1m
"""


@contextmanager
def exim(lmtp_port: int) -> Iterator[Exim]:
    """Exim: takes mail over SMTP with STARTTLS, delivers what is for the office's mailbox, returns everything else."""
    program = needed("exim4")
    with server_folder() as folder:
        made = Exim(folder, free_port())
        values = {
            "folder": folder.path, "uid": folder.user.pw_uid, "gid": folder.user.pw_gid, "domain": DOMAIN,
            "mailbox": USER, "port": made.port, "lmtp": lmtp_port,
        }  # fmt: skip
        (folder.path / "exim.conf").write_text(EXIM.format(**values))
        (folder.path / "spool").mkdir()
        folder.give_away()
        with running([program, "-C", str(folder.path / "exim.conf"), "-bdf", "-q1m"], folder, made.port):
            yield made
