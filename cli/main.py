"""`dondoc`: one Typer app, one file a command group; a group is imported only when one of its commands is called."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from config.words import say, say_with
from domain.errors import Refusal

#: command -> the module that holds it, in the order in which an office meets them
COMMANDS = {
    "init": "cli.office",
    "read": "cli.notices",
    "lint": "cli.linting",
    "file": "cli.filing",
    "status": "cli.looking",
    "timeline": "cli.looking",
    "explain": "cli.outlook",
    "report": "cli.acting",
    "acknowledge": "cli.acting",
    "ask": "cli.acting",
    "verify": "cli.deciding",
    "extend": "cli.deciding",
    "return": "cli.handing",
    "reassign": "cli.handing",
    "correct": "cli.handing",
    "close": "cli.handing",
    "cancel": "cli.handing",
    "link": "cli.handing",
    "undo": "cli.handing",
    "event": "cli.events",
    "sheet": "cli.outlook",
    "forecast": "cli.outlook",
    "approve": "cli.deciding",
    "hold": "cli.deciding",
    "round": "cli.running",
    "reconcile": "cli.running",
    "up": "cli.running",
    "replay": "cli.replaying",
    "demo": "cli.replaying",
    "agencies": "cli.office",
    "people": "cli.people",
    "calendar": "cli.days",
    "policy": "cli.policies",
    "sending": "cli.switch",
    "user": "cli.accounts",
    "access": "cli.access",
    "channel": "cli.channels",
    "ways": "cli.ways",
    "outbox": "cli.outbox",
    "message": "cli.preview",
    "letter": "cli.papers",
    "weekly": "cli.papers",
    "inbox": "cli.inbox",
    "regulation": "cli.regulations",
    "review": "cli.compiling",
    "classify": "cli.classifying",
    "doctor": "cli.office",
    "audit": "cli.office",
}
gc.set_threshold(50_000, 20, 20)  # a command's imports are no garbage: looking through them again costs a fifth of it
BUG, BAD_INPUT, INTERRUPTED = 1, 2, 130

log = logging.getLogger("dondoc")


def build(called: str | None) -> typer.Typer:
    """The program with the one command that is called; the others are there for the list of commands only."""
    app = typer.Typer(help=say("cli.about"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_no_options)
    for name in COMMANDS:
        if name != called:
            app.command(name, short_help=say(f"cli.{name}.short"))(_stand_in)
            continue
        group: typer.Typer = importlib.import_module(COMMANDS[name]).app
        app.registered_commands += [one for one in group.registered_commands if one.name == name]
        app.registered_groups += [one for one in group.registered_groups if one.name == name]
    return app


def _no_options() -> None:
    """The program itself has no options."""


def _stand_in() -> None:
    """Never runs: the command that is called is the real one."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line: bad input is one clear line and exit code 2, and no traceback reaches a user."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    log.addHandler(logging.NullHandler())
    sys.exit(_run(words))


def _run(words: list[str]) -> int:
    try:
        called = next((word for word in words if not word.startswith("-")), None)
        command = typer.main.get_command(build(called))
        code = command(args=words, prog_name="dondoc", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except Refusal as refusal:
        return complain(say_with(refusal.code, refusal.params))
    except (typer.Abort, KeyboardInterrupt):
        return complain(say("cli.interrupted"), INTERRUPTED)
    except BrokenPipeError:  # somebody's `head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _complain_of(error)


def complain(line: str, code: int = BAD_INPUT) -> int:
    """One line on standard error."""
    print(f"dondoc: {' '.join(line.split())}", file=sys.stderr)
    return code


def _complain_of(error: Exception) -> int:
    """Says what is wrong with an option or a setting; anything else is ours to mend, with its traceback in the log."""
    if hasattr(error, "format_message"):
        return complain(error.format_message())
    if getattr(error, "title", "") == "Settings" and hasattr(error, "errors"):
        first = error.errors()[0]
        name = f"DONDOC_{str(first['loc'][0]).upper()}" if first["loc"] else "DONDOC_…"
        return complain(say("errors.bad_setting", name=name, why=first["msg"]))
    log.error("unexpected", extra={"traceback": traceback.format_exc()})
    why = str(error).splitlines()[0] if str(error) else "-"
    return complain(say("errors.unexpected", kind=type(error).__name__, why=why), BUG)


if __name__ == "__main__":
    main()
