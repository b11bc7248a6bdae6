"""The follow-up policy: shown, exported, replaced, and applied to what is open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now, Reason
from config.words import say
from domain.errors import Refusal
from domain.policies import Replaced, apply_to_open, policy_in_force, set_policy
from domain.policy import Policy, as_yaml, load_policy
from flows.following import follow_office

app = typer.Typer()
policy_app = typer.Typer(help=say("desk.policy.help"), invoke_without_command=True)
app.add_typer(policy_app, name="policy")
File = Annotated[Path, typer.Argument(help=say("desk.policy.file"))]


def _in_force() -> Policy:
    _, ledger = office()
    with ledger.look() as session:
        return policy_in_force(session, ledger.office_id)


@policy_app.callback()
def show(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False
) -> None:
    """Prints the policy in force."""
    if context.invoked_subcommand:
        return
    policy = _in_force()
    if as_json:
        print_json(policy.model_dump(mode="json", by_alias=True))
    else:
        console().print(as_yaml(policy), markup=False, end="", soft_wrap=True)


@policy_app.command("export", help=say("desk.policy.export_help"))
def export(file: File) -> None:
    """Writes the policy into a new file."""
    words = as_yaml(_in_force())
    try:
        with open(file, "x", encoding="utf-8") as out:
            out.write(words)
    except FileExistsError:
        raise Refusal("errors.file_there", file=file) from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or str(error)
        raise Refusal("errors.file_unwritable", file=file, why=why) from error
    console().print(say("desk.policy.exported", file=file), markup=False)


@policy_app.command("set", help=say("desk.policy.set_help"))
def set_(file: File, now: Now = None) -> None:
    """Replaces the policy by a file."""
    policy = load_policy(file)
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        done = set_policy(change, policy)
    for line in _lines(done):
        console().print(line)
    if done.moved.replanned:
        console().print(follow_office(settings, ledger), markup=False)


def _lines(done: Replaced) -> list[str]:
    lines = [say("desk.policy.set" if done.office or done.follow_up else "desk.policy.same")]
    if done.office:
        lines.append(say("desk.policy.hours", count=len(done.moved.replanned)))
    if done.follow_up:
        lines.append(say("desk.policy.from_now_on"))
    if done.people_differ:
        lines.append(say("desk.policy.people"))
    return lines


@policy_app.command("apply", help=say("desk.policy.apply_help"))
def apply(
    reason: Reason,
    to_open: Annotated[bool, typer.Option("--to-open", help=say("desk.policy.to_open"))] = False,
    now: Now = None,
) -> None:
    """Applies the policy to what is open already."""
    if not to_open:
        raise Refusal("errors.apply_to_open")
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        done = apply_to_open(change, reason)
    if not done.conclusions:
        console().print(say("desk.policy.nothing_open"))
        return
    count, replanned = len(done.conclusions), len(done.moved.replanned)
    console().print(say("desk.policy.applied", count=count, replanned=replanned))
    if done.caught_up:
        console().print(say("desk.policy.caught_up", count=done.caught_up))
    console().print(follow_office(settings, ledger), markup=False)
