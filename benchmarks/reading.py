"""Reading: its speed on one core, the worst texts, and random and mutated ones. Figures of this run on this machine."""

from __future__ import annotations

import os
import resource
import sys
import time
import traceback
from multiprocessing import get_context
from pathlib import Path
from random import Random

from benchmarks.texts import HEAD, varied
from config.settings import ROOT
from domain.calendar import WorkingCalendar
from domain.drafts import Draft
from domain.names import load_registry
from domain.reading import read_notice

SPEED_SIZE = 300_000  #: bytes of UTF-8
WORST_SIZE = 5_000_000
FUZZED = int(os.environ.get("FUZZ_INPUTS", "2000"))  #: a million takes hours: FUZZ_INPUTS=1000000 make bench
SAMPLE = Path(__file__).parents[1] / "tests" / "unit" / "reading_samples" / "tinh_nhieu_dang.txt"
#: Texts that repeat what the rules look for: each would be slow where a rule looked back or ahead without a limit.
WORST = {
    "varied notice": "",
    "one endless list of bodies": "Giao Sở Y tế, Sở Nội vụ, Công an tỉnh, ",
    "one endless sentence": "Giao Sở Y tế phối hợp với Sở Nội vụ báo cáo UBND tỉnh trước ngày 5/6/2026; ",
    "nothing but days": "ngày 5 tháng 6 năm 2026 ",
    "nothing but digits": "12/3/",
    "nothing but markers": "1. a) - + ",
    "short items": "1. Giao Sở Y tế báo cáo trước ngày 5/6.\n",
    "open brackets": "(",
    "bars": "a | b | ",
    "rows of a table": "| 1 | Rà soát kế hoạch | Sở Y tế | Sở Nội vụ | trước ngày 5/6 |\n",
    "line breaks": "\n\n",
    "spaces": " " * 60 + "x",
    "capitals": "Đăk Hà ",
    "deep outline": "I. A\n1. B\na) c\n- d\n+ e\n",
    "connectives": "Trong đó, riêng, ",
    "flattened tables": "TT\nNội dung\nChủ trì\n1\nRà soát kế hoạch\nSở Y tế\n",
    "tabs": "a\tb\tc\n",
    "recipients": "Nơi nhận:\n",
}


def _read(text: str) -> Draft:
    return read_notice(text, name="x.txt", registry=REGISTRY, calendar=WorkingCalendar())


REGISTRY = load_registry(ROOT / "agencies.yaml")


def measure_reading() -> None:
    """Prints speed, worst cases and fuzzing."""
    text = varied(SPEED_SIZE)
    _read(text[:20_000])
    started = time.process_time()
    _read(text)
    speed = len(text.encode()) / (time.process_time() - started) / 1000
    print(f"{'reading, varied notice':28} {speed:6.0f} KB of text a second on one core")
    for name, piece in WORST.items():
        seconds, megabytes = _in_a_process(_worst_text(piece))
        print(f"{'5 MB of ' + name:36} {seconds:6.2f} s   {megabytes:4.0f} MB at the most")
    print(f"{'random and mutated inputs':28} {FUZZED} read, {fuzz(FUZZED)} of them failed")


def _worst_text(piece: str) -> str:
    if not piece:
        return varied(WORST_SIZE)
    return (HEAD + piece * (WORST_SIZE // len(piece.encode()) + 1))[:WORST_SIZE]


def _in_a_process(text: str) -> tuple[float, float]:
    """(CPU seconds, the most memory in MB) of one reading, in a process of its own."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(text, sender))
    child.start()
    found: tuple[float, float] = receiver.recv()
    child.join()
    return found


def _child(text: str, sender: object) -> None:
    started = time.process_time()
    _read(text)
    spent = time.process_time() - started
    sender.send((spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))  # type: ignore[attr-defined]


def fuzz(count: int, seed: int = 20180307) -> int:
    """Reads that many random and mutated texts; how many raised or said what does not stand in the text."""
    random, failed = Random(seed), 0
    sources = [SAMPLE.read_text(encoding="utf-8"), varied(4_000)]
    pieces = [piece for piece in WORST.values() if piece] + sorted(set("".join(sources)))
    for _ in range(count):
        text = _random(random, pieces) if random.random() < 0.3 else _mutated(random, random.choice(sources), pieces)
        try:
            draft = _read(text)
            failed += any(text[d.start : d.end] != d.text for d in draft.directives)
        except Exception:
            failed += 1
            traceback.print_exc(file=sys.stderr)
    return failed


def _random(random: Random, pieces: list[str]) -> str:
    made = (random.choice(pieces) if random.random() < 0.7 else chr(random.randrange(0x20, 0x2FFF)) for _ in range(120))
    return "".join(made)


def _mutated(random: Random, text: str, pieces: list[str]) -> str:
    for _ in range(random.randint(1, 12)):
        at, cut = random.randrange(len(text) + 1), random.randrange(40)
        text = text[:at] + random.choice(pieces) * random.randint(0, 3) + text[at + cut :]
    return text
