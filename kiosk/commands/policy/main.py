"""`latebook policy …`: list, show, check and write schools' policies, and ask the rule about a visit.

Results go to standard output. An error is a sentence on standard error (one for each mistake in a file) with
exit status 2, and nothing on standard output, except that `check --json` prints the mistakes as its result.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from attendance.errors import PolicyError
from attendance.explain import for_office, for_pupil
from attendance.policy.files import available, load
from attendance.policy.model import KEYS, Policy, SessionTimes
from attendance.reasons import AppointmentKind, Reason
from attendance.sessions import SessionName
from kiosk.commands.policy.calendar import calendar
from kiosk.commands.policy.cases import ARRIVALS, DEPARTURES, VisitKind, answer_columns, answer_file, as_text
from kiosk.commands.policy.new import new
from sync.command_line import fail

app = typer.Typer(
    name="policy",
    help="List, show, check and write schools' policies, and ask the rule about a visit. Every Monday to"
    " Friday is a school day here.",
    no_args_is_help=True,
)

NameOrFile = Annotated[
    str, typer.Argument(metavar="NAME|FILE.toml", help="A policy (`list` names them) or a policy file.")
]
NameOrCases = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME|FILE.toml",
        help="A policy or a policy file. Not with --cases.",
        show_default=False,
    ),
]
At = Annotated[str | None, typer.Option(help="Local time at the school: 2026-11-24T09:07:00.")]
Year = Annotated[str | None, typer.Option(help="The pupil's year group: N, R, 1 … 14.")]
Why = Annotated[str | None, typer.Option(help=f"One of {', '.join(Reason)}.")]
AgreedUntil = Annotated[
    str | None, typer.Option(help=f"{', '.join(AppointmentKind)}, with its end: medical:10:30.")
]
AgreedKind = Annotated[str | None, typer.Option(help=f"One of {', '.join(AppointmentKind)}.")]
Plan = Annotated[
    str | None,
    typer.Option(help="The pupil's plan for that day (part-time timetable): C2:10:30-14:00 or C2:none."),
]
Back = Annotated[str | None, typer.Option(help="When the pupil is expected back: 12:30.")]
On = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day to check the review date for; today without it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Cases = Annotated[
    Path | None, typer.Option(metavar="FILE.csv", help="Decide on every row of a CSV file; writes CSV.")
]


@app.command("list")
def list_policies(as_json: AsJson = False) -> None:
    """List the policies that come with Latebook."""
    policies = [load(name) for name in available()]
    if as_json:
        rows = [{"name": p.name, "title": p.title, "years": p.years, "version": p.version} for p in policies]
        typer.echo(json.dumps(rows))
        return
    for policy in policies:
        years = f"{policy.years[0]}–{policy.years[-1]}"
        typer.echo(f"{policy.name:<23}{years:<6}{policy.version}  {policy.title}")


@app.command()
def show(name_or_file: NameOrFile, as_json: AsJson = False) -> None:
    """Show a policy's times, the paragraph behind each, and its version."""
    from kiosk.commands.policy.check import load_name_or_file

    try:
        policy = load_name_or_file(name_or_file)
    except PolicyError as error:
        fail(error)
    if as_json:
        typer.echo(json.dumps(policy.model_dump(mode="json") | {"version": policy.version}))
    else:
        _print_tables(policy)


app.command()(new)
app.command()(calendar)


@app.command()
def check(name_or_file: NameOrFile, on: On = None, as_json: AsJson = False) -> None:
    """Check a policy against the regulations, and list the values that the school must confirm.

    One finding a line: severity, id and a sentence with the law and what to write instead. Exit status 1 if a
    finding is an error, 2 if the file cannot be used. Every mistake in such a file is then reported with its
    line: on standard error, or with --json as a list of file, line, key, found, expected and message.
    """
    from attendance.policy.check import check as findings_of
    from kiosk.commands.policy import check

    try:
        day = on.date() if on else date.today()  # noqa: DTZ011  the school's own day
        findings = findings_of(check.load_name_or_file(name_or_file), day)
    except PolicyError as error:
        if as_json:
            typer.echo(check.mistakes_as_json(error, name_or_file), nl=False)
            raise typer.Exit(2) from error
        fail(error)
    typer.echo(check.as_json(findings) if as_json else check.as_lines(findings), nl=False)
    if not findings:
        typer.echo("nothing found", err=True)
    raise typer.Exit(check.status(findings))


@app.command()
def decide(
    name: NameOrCases = None,
    *,
    at: At = None,
    year: Year = None,
    reason: Why = None,
    agreed: AgreedUntil = None,
    plan: Plan = None,
    as_json: AsJson = False,
    cases: Cases = None,
) -> None:
    """Decide what an arrival means for the register."""
    visit = {
        "policy": name,
        "at": at,
        "year": year,
        "reason": reason,
        "agreed": agreed,
        "plan": plan,
    }
    _answer(ARRIVALS, visit, cases, as_json=as_json)


@app.command()
def leave(
    name: NameOrCases = None,
    *,
    at: At = None,
    year: Year = None,
    back: Back = None,
    reason: Why = None,
    agreed: AgreedKind = None,
    plan: Plan = None,
    as_json: AsJson = False,
    cases: Cases = None,
) -> None:
    """Decide what a departure means for the afternoon register."""
    visit = {
        "policy": name,
        "at": at,
        "year": year,
        "back": back,
        "reason": reason,
        "agreed": agreed,
        "plan": plan,
    }
    _answer(DEPARTURES, visit, cases, as_json=as_json)


def _answer(kind: VisitKind, visit: Mapping[str, str | None], cases: Path | None, *, as_json: bool) -> None:
    try:
        if cases is None:
            text = _answer_one(kind, visit, as_json=as_json)
        else:
            _expect_only_cases(visit)
            text = answer_file(kind, cases, as_json=as_json)
    except ValueError as error:
        fail(error)
    typer.echo(text, nl=not text.endswith("\n"))


def _answer_one(kind: VisitKind, visit: Mapping[str, str | None], *, as_json: bool) -> str:
    missing = [_argument(column) for column in ("policy", "at", "year") if visit[column] is None]
    if missing:
        raise ValueError(
            f"{', '.join(missing)} missing: give NAME or FILE.toml, --at and --year, or --cases FILE.csv"
        )
    decision = kind.decide({column: value or "" for column, value in visit.items()})
    answer = answer_columns(decision)
    if as_json:
        return json.dumps(answer)
    lines = [f"{key:<14}{as_text(value)}".rstrip() for key, value in answer.items()]
    lines += [f"for the pupil  {for_pupil(decision)}", f"for the office {for_office(decision)}"]
    return "\n".join(lines)


def _expect_only_cases(visit: Mapping[str, str | None]) -> None:
    extra = [_argument(column) for column, value in visit.items() if value is not None]
    if extra:
        raise ValueError(f"--cases reads everything from its file; leave out {', '.join(extra)}")


def _argument(column: str) -> str:
    return "NAME" if column == "policy" else f"--{column}"


# --- show -----------------------------------------------------------------------------------------


def _print_tables(policy: Policy) -> None:
    # Imported here: importing rich takes as long as deciding a thousand rows.
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False)
    console.print(f"{policy.title}\n{policy.name}, version {policy.version}", style="bold")
    times = Table("", "AM", "stated in", "PM", "stated in")
    for row in _time_rows(policy):
        times.add_row(*row)
    console.print(times)
    rest = Table(box=None, show_header=False)
    rest.add_column(no_wrap=True)
    for row in _other_rows(policy):
        rest.add_row(*row)
    console.print(rest)
    console.print(
        f"{len(policy.provisional)} provisional: the school must confirm {', '.join(policy.provisional)}"
        if policy.provisional
        else "No value is provisional."
    )


def _time_rows(policy: Policy) -> Iterator[tuple[str, ...]]:
    """Label, then the time and its source for each session. A time by year group has a row for each year."""
    for name, info in SessionTimes.model_fields.items():
        label = name.replace("_", " ")
        if info.annotation is time:
            yield (label, *_time_cells(policy, name))
            continue
        label = label.removesuffix(" by year")
        for year in policy.years:
            row = (f"{label}, year {year}", *_time_cells(policy, name, year))
            if any(row[1:]):
                yield row


def _time_cells(policy: Policy, name: str, year: str | None = None) -> Iterator[str]:
    for session in SessionName:
        value = getattr(policy.session(session), name)
        at = value if year is None else value.get(year)
        key = f"{session.lower()}.{name}"
        yield f"{at:%H:%M}" if at else ""
        yield _source(policy, key if year is None else f"{key}.{year}", key) if at else ""


def _other_rows(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Label, value and source of every key outside the sessions that a document may state."""
    for key in KEYS:
        if key.table or not key.guide.has_source:
            continue
        value = getattr(policy, key.name)
        if isinstance(value, dict):
            for inner, rule in value.items():
                parts = rule.model_dump(mode="json")
                text = ", ".join(f"{part.replace('_', ' ')} {each}" for part, each in parts.items())
                yield (
                    f"{key.name} of {inner}",
                    text,
                    _source(policy, f"{key.name}.{inner}.{next(iter(parts))}"),
                )
        else:
            yield key.question, _in_words(value), _source(policy, key.name)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value)


def _source(policy: Policy, *keys: str) -> str:
    """The paragraph of the document behind a value: that of the first of these keys that has one."""
    for key in keys:
        if key in policy.provisional:
            return "provisional"
        if key in policy.sources:
            return policy.sources[key]
    copies = next((each.guide.copies for each in KEYS if each.name == keys[0]), "")
    return f"= {copies}" if copies else "not in the document"
