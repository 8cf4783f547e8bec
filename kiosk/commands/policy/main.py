"""`latebook policy …`: the schools' policies, what is wrong with them, and what the rule answers.

Answers go to standard output. An error is a sentence on standard error (of a file with several mistakes,
one for each) and exit status 2, and then nothing has been written to standard output; but `check --json`
answers with the mistakes themselves.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from attendance.explain import for_office, for_pupil
from attendance.policy.model import Policy, PolicyError, available, load
from attendance.reasons import AppointmentKind, Reason
from attendance.sessions import SessionName
from kiosk.commands.policy.calendar import calendar
from kiosk.commands.policy.cases import ARRIVALS, DEPARTURES, Question, answer_columns, answer_file, as_text
from kiosk.commands.policy.new import new
from sync.command_line import fail

app = typer.Typer(
    name="policy",
    help="The schools' policies, what is wrong with them, and what the rule says. Every Monday to Friday is a"
    " school day here.",
    no_args_is_help=True,
)

_BOUNDARIES = ("opens", "late_after", "closes", "unauthorised_after", "ends")
_DEFAULTS = {"late_after": "= opens", "unauthorised_after": "= closes"}
"""Where a policy file leaves these out."""

NameOrFile = Annotated[
    str, typer.Argument(metavar="NAME|FILE.toml", help="A policy (`list` names them), or a file with one.")
]
NameOrCases = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME|FILE.toml",
        help="A policy, or a file with one; left out with --cases.",
        show_default=False,
    ),
]
At = Annotated[str | None, typer.Option(help="The school's local time: 2026-11-24T09:07:00.")]
Year = Annotated[str | None, typer.Option(help="The pupil's year: N, R, 1 … 14.")]
Why = Annotated[str | None, typer.Option(help=f"One of {', '.join(Reason)}.")]
AgreedUntil = Annotated[
    str | None, typer.Option(help=f"{', '.join(AppointmentKind)}, with its end: medical:10:30.")
]
AgreedKind = Annotated[str | None, typer.Option(help=f"One of {', '.join(AppointmentKind)}.")]
Starts = Annotated[str | None, typer.Option(help="The pupil's individual start: 10:30.")]
Back = Annotated[str | None, typer.Option(help="When the pupil is expected back: 12:30.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Cases = Annotated[
    Path | None, typer.Option(metavar="FILE.csv", help="Answer every row of a file; writes CSV.")
]


@app.command("list")
def list_policies(as_json: AsJson = False) -> None:
    """The policies that come with Latebook."""
    policies = [load(name) for name in available()]
    if as_json:
        listed = [
            {"name": p.name, "title": p.title, "years": p.years, "version": p.version} for p in policies
        ]
        typer.echo(json.dumps(listed))
        return
    for policy in policies:
        years = f"{policy.years[0]}–{policy.years[-1]}"
        typer.echo(f"{policy.name:<23}{years:<6}{policy.version}  {policy.title}")


@app.command()
def show(name_or_file: NameOrFile, as_json: AsJson = False) -> None:
    """A policy's times, where each comes from, and its version."""
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
def check(name_or_file: NameOrFile, as_json: AsJson = False) -> None:
    """What the regulations say of a policy, and which of its values the school has to confirm.

    One finding a line: severity, id, and a sentence. Exit status 1 if one of them is an error, 2 if the
    file cannot be used; then every mistake in it is named with its line, on standard error, or with --json
    as a list of file, line, key, found, expected and message.
    """
    from attendance.policy.check import check as findings_of
    from kiosk.commands.policy import check

    try:
        findings = findings_of(check.load_name_or_file(name_or_file))
    except PolicyError as error:
        if as_json:
            typer.echo(check.faults_as_json(error, name_or_file), nl=False)
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
    starts: Starts = None,
    as_json: AsJson = False,
    cases: Cases = None,
) -> None:
    """What an arrival means for the register."""
    given = {
        "policy": name,
        "at": at,
        "year": year,
        "reason": reason,
        "agreed": agreed,
        "starts": starts,
    }
    _answer(ARRIVALS, given, cases, as_json=as_json)


@app.command()
def leave(
    name: NameOrCases = None,
    *,
    at: At = None,
    year: Year = None,
    back: Back = None,
    reason: Why = None,
    agreed: AgreedKind = None,
    as_json: AsJson = False,
    cases: Cases = None,
) -> None:
    """What a departure means for the afternoon's register."""
    given = {"policy": name, "at": at, "year": year, "back": back, "reason": reason, "agreed": agreed}
    _answer(DEPARTURES, given, cases, as_json=as_json)


def _answer(
    question: Question, given: Mapping[str, str | None], cases: Path | None, *, as_json: bool
) -> None:
    try:
        if cases is None:
            text = _answer_one(question, given, as_json=as_json)
        else:
            _expect_only_cases(given)
            text = answer_file(question, cases, as_json=as_json)
    except ValueError as error:  # what was asked cannot be answered; the text says why
        fail(error)
    typer.echo(text, nl=not text.endswith("\n"))


def _answer_one(question: Question, given: Mapping[str, str | None], *, as_json: bool) -> str:
    missing = [_argument(column) for column in ("policy", "at", "year") if given[column] is None]
    if missing:
        raise ValueError(
            f"{', '.join(missing)} missing: give NAME or FILE.toml, --at and --year, or --cases FILE.csv"
        )
    decision = question.answer({column: value or "" for column, value in given.items()})
    answer = answer_columns(decision)
    if as_json:
        return json.dumps(answer)
    lines = [f"{key:<14}{as_text(value)}".rstrip() for key, value in answer.items()]
    lines += [f"for the pupil  {for_pupil(decision)}", f"for the office {for_office(decision)}"]
    return "\n".join(lines)


def _expect_only_cases(given: Mapping[str, str | None]) -> None:
    superfluous = [_argument(column) for column, value in given.items() if value is not None]
    if superfluous:
        raise ValueError(f"--cases reads everything from its file: leave out {', '.join(superfluous)}")


def _argument(column: str) -> str:
    return "NAME" if column == "policy" else f"--{column}"


# --- show -----------------------------------------------------------------------------------------


def _print_tables(policy: Policy) -> None:
    # Imported here: rich takes as long to start as the rule takes for a thousand rows.
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False)
    console.print(f"{policy.title}\n{policy.name}, version {policy.version}", style="bold")
    times = Table("", "AM", "stated in", "PM", "stated in")
    for row in _time_rows(policy):
        times.add_row(*row)
    console.print(times)
    rest = Table(box=None, show_header=False)
    for row in _other_rows(policy):
        rest.add_row(*row)
    console.print(rest)
    console.print(
        f"{len(policy.provisional)} provisional: the school has to confirm {', '.join(policy.provisional)}"
        if policy.provisional
        else "Nothing is provisional."
    )


def _time_rows(policy: Policy) -> Iterator[tuple[str, ...]]:
    for boundary in _BOUNDARIES:
        row = [boundary.replace("_", " ")]
        for name in SessionName:
            value = getattr(policy.session(name), boundary)
            source = _source(policy, f"{name.lower()}.{boundary}", otherwise=_DEFAULTS.get(boundary, ""))
            row += [f"{value:%H:%M}", source]
        yield tuple(row)
    for year in policy.years:
        row = [f"ends, year {year}"]
        for name in SessionName:
            end = policy.session(name).ends_by_year.get(year)
            row += (
                [f"{end:%H:%M}", _source(policy, f"{name.lower()}.ends_by_year.{year}")] if end else ["", ""]
            )
        if any(row[1:]):
            yield tuple(row)


def _doors(policy: Policy) -> Iterator[tuple[str, str, str]]:
    for name in SessionName:
        doors = policy.session(name).doors_by_year
        if doors:
            text = ", ".join(f"{year} {at:%H:%M}" for year, at in doors.items())
            yield f"doors open, {name}", text, _source(policy, f"{name.lower()}.doors_by_year")


def _other_rows(policy: Policy) -> Iterator[tuple[str, str, str]]:
    yield "years", " ".join(policy.years), _source(policy, "years")
    yield from _doors(policy)
    yield "reasons", ", ".join(policy.reasons), _source(policy, "reasons")
    if policy.reason_required:
        yield "reason", "required", _source(policy, "reason_required")
    for reason, rule in policy.review.items():
        source = _source(policy, f"review.{reason}.before_close")
        yield f"review of {reason}", f"{rule.before_close}; after close {rule.after_close}", source
    if policy.consequence:
        yield "with every U", policy.consequence, _source(policy, "consequence")
    yield "entries kept", f"{policy.retention_years} years", _source(policy, "retention_years")
    yield "codes named", " ".join(policy.codes_used), _source(policy, "codes_used")
    yield "may leave alone", " ".join(policy.leaves_alone) or "nobody", _source(policy, "leaves_alone")


def _source(policy: Policy, key: str, *, otherwise: str = "not in the document") -> str:
    """The paragraph of the document behind a value, or what is known of it where there is none."""
    return "provisional" if key in policy.provisional else policy.sources.get(key, otherwise)
