"""`maildir://`: a folder of .eml files in Maildir form. Nothing leaves the machine; the embedded default."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.channels.mail import MailPlugin, as_bytes


class MaildirPlugin(MailPlugin):
    """Writes each letter once under a name made from its Message-ID, so that writing it again changes nothing."""

    service_name = "Maildir"
    protocol = "maildir"
    templates = ("{schema}://{path}",)

    def __init__(self, folder: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    @staticmethod
    def parse_url(url: str) -> dict[str, Any]:
        """`maildir:///absolute/folder`."""
        return {"schema": "maildir", "folder": unquote(url.removeprefix("maildir://").split("?", 1)[0])}

    def __enter__(self) -> Self:
        try:
            for part in ("tmp", "new", "cur"):
                (self.folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ChannelError(f"{self.folder}: {error.strerror}", Fault.DOWN) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def deliver(self, letter: Letter) -> Receipt:
        """Writes the letter into `tmp`, then moves it to `new` in one step."""
        key = hashlib.sha256(letter.message_id.encode()).hexdigest()[:16]
        name = f"{int(letter.date.timestamp())}.{key}.dondoc.eml"
        try:
            with open(self.folder / "tmp" / name, "wb") as file:
                file.write(as_bytes(letter))
                file.flush()
                os.fsync(file.fileno())
            os.replace(self.folder / "tmp" / name, self.folder / "new" / name)
        except OSError as error:
            raise ChannelError(f"{self.folder}: {error.strerror}", Fault.DOWN) from error
        return Receipt(name)
