"""`dondoc` at a real terminal: a pseudo-terminal of 80 columns, read as a person reads it and typed into."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from tests.acceptance.office_at_work import DONDOC, CommandLine

PATIENCE = 60  #: seconds until a process that says nothing is given up
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A running command, and what it has shown so far."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process = process
        self.screen = screen
        self.raw = b""
        self.seen = 0  #: characters of the plain text that were waited for already

    @property
    def shown(self) -> str:
        """Everything shown, without colours."""
        return COLOUR.sub("", self.raw.decode(errors="ignore")).replace("\r\n", "\n")

    def waits_for(self, words: str) -> None:
        """Until the words are shown, after those that were waited for before."""
        while (at := self.shown.find(words, self.seen)) < 0:
            assert self._reads(), f"{words!r} never came: {self.shown}"
        self.seen = at + len(words)

    def types(self, words: str) -> None:
        os.write(self.screen, f"{words}\n".encode())

    def interrupts(self) -> None:
        """The person presses Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def answers(self, question: str, words: str) -> None:
        self.waits_for(question)
        self.types(words)

    def ends(self) -> int:
        """Until the command ends; answers its exit code."""
        while self._reads():
            pass
        return self.process.wait()

    def _reads(self) -> bool:
        ready, _, _ = select.select([self.screen], [], [], PATIENCE)
        assert ready, f"silent: {self.shown}"
        try:
            more = os.read(self.screen, 65536)
        except OSError:  # the other end is closed
            more = b""
        self.raw += more
        return bool(more)


@contextmanager
def at_terminal(office: CommandLine, *words: str, **settings: str) -> Iterator[Terminal]:
    """Runs a command at a terminal of 80 columns."""
    screen, keyboard = pty.openpty()
    fcntl.ioctl(keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 80, 0, 0))
    environment = {name: value for name, value in office.environment.items() if name not in ("COLUMNS", "NO_COLOR")}
    environment |= {"TERM": "xterm-256color"} | settings
    process = subprocess.Popen(
        [*DONDOC, *words], env=environment, stdin=keyboard, stdout=keyboard, stderr=keyboard, start_new_session=True
    )
    os.close(keyboard)
    try:
        yield Terminal(process, screen)
    finally:
        process.kill()
        process.wait()
        os.close(screen)
