"""A live office that tests can run at any hour: open round the clock, every day, as its seed files say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from config.clock import wall_clock

DONDOC = [sys.executable, "-m", "cli.main"]
POLICY = """
office:
  slots: ["00:00", "06:00", "12:00", "18:00", "23:00"]
  hours: {from: "00:00", until: "23:59"}
  officials: [{role: chief_of_office, name: "Chánh Văn phòng", address: "cvp@vanphong.example"}]
follow_up:
  ladder: [{after_working_days: 1, tell: [officer, head]}]
"""


class CommandLine:
    """`dondoc` as people call it, in a home folder of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.settings = settings

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "PREFECT_"))}
        return plain | {"DONDOC_HOME": str(self.home), "COLUMNS": "200"} | self.settings

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*DONDOC, *words], env=self.environment, capture_output=True, text=True, check=False)

    def does(self, *words: str) -> str:
        """Runs a command that must work; answers what it printed."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def says(self, *words: str) -> Any:
        """Runs a command with --json; answers the value."""
        return json.loads(self.does(*words, "--json"))

    def starts(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*DONDOC, *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )


def open_all_hours(tmp_path: Path) -> dict[str, str]:
    """Settings under which an office is open now and on every day around."""
    policy, calendar = tmp_path / "policy.yaml", tmp_path / "calendar.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    today = wall_clock().date()
    days = [today + timedelta(days=n) for n in range(-10, 40)]
    rows = "\n".join(f"  - {{day: {day.isoformat()}, worked: true, reason: thử}}" for day in days)
    calendar.write_text(f"overrides:\n{rows}\n", encoding="utf-8")
    return {"DONDOC_POLICY_FILE": str(policy), "DONDOC_CALENDAR_FILE": str(calendar)}


def write_draft(folder: Path, contents: dict[str, Any]) -> str:
    """A draft in a file."""
    path = folder / f"{contents['number'].replace('/', '-')}.json"
    path.write_text(json.dumps(contents, ensure_ascii=False), encoding="utf-8")
    return str(path)
