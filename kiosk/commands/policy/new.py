"""`latebook policy new`: a school's own policy, from questions and answers or from options."""

from pathlib import Path
from typing import Annotated

import typer

from attendance.policy.check import check
from attendance.policy.expected import one_of
from kiosk.commands.policy.check import as_lines, status
from kiosk.commands.policy.draft import Draft, PlaceError, check_place, save
from kiosk.commands.policy.questions import GROUPS, NAME, QUESTIONS, Group, Question
from sync.command_line import fail

Clock = Annotated[str | None, typer.Option(metavar="HH:MM", show_default=False)]


def new(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Left out: the short name, with .toml.")
    ] = None,
    *,
    title: Annotated[str | None, typer.Option(help="The school's name.")] = None,
    name: Annotated[str | None, typer.Option(help="Short, for commands and files: oak-lane.")] = None,
    years: Annotated[str | None, typer.Option(help="Year groups: 7-13, R-6 or 7,8,9.")] = None,
    am_opens: Clock = None,
    am_late_after: Clock = None,
    am_closes: Clock = None,
    am_unauthorised_after: Clock = None,
    am_ends: Clock = None,
    pm_opens: Clock = None,
    pm_late_after: Clock = None,
    pm_closes: Clock = None,
    pm_unauthorised_after: Clock = None,
    pm_ends: Clock = None,
    pm_ends_by_year: Annotated[str | None, typer.Option(help="Where they differ: R=15:10,1-3=15:20.")] = None,
    retention_years: Annotated[str | None, typer.Option(help="Years that entries are kept.")] = None,
    reasons: Annotated[str | None, typer.Option(help="Of the tiles: overslept,traffic.")] = None,
    reason_required: Annotated[
        bool, typer.Option("--reason-required", help="No way past the reason.")
    ] = False,
    review: Annotated[str | None, typer.Option(help="school-transport=present:Y1.")] = None,
    consequence: Annotated[str | None, typer.Option(help="What follows a U.")] = None,
    codes_used: Annotated[str | None, typer.Option(help="Codes that the document names: L,U,M.")] = None,
    leaves_alone: Annotated[
        str | None, typer.Option(help="Years who may sign themselves out: 12-13.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="KEY=PARAGRAPH", help="Where it is stated: am.opens=4.3.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a school's own policy: asks what its document says, and checks the answers as they come.

    With any option but --force it asks nothing and takes everything from the options. Whatever has no
    --source is written as still to be confirmed by the school. Exit status 1 if the checker finds an error
    in what was written, 2 if nothing could be.
    """
    # By their names from the context: they are the questions' own, two dozen of them.
    given = {question: context.params[_parameter(question)] for question in QUESTIONS}
    answers = {question: "yes" if text is True else str(text) for question, text in given.items() if text}
    try:
        # Where no file is named, its name is not known yet, but its folder is.
        check_place(file or Path.cwd() / "policy.toml", replace=force or file is None)
        draft = _from_options(answers, source or []) if answers or source else _from_questions()
        path = file or Path(f"{draft.current(NAME)}.toml")
        policy = save(draft.text(), path, replace=force)
    except (ValueError, PlaceError) as error:
        fail(error)
    typer.echo(f"{path} written, version {policy.version}")
    findings = check(policy)
    typer.echo(as_lines(findings), nl=False)
    raise typer.Exit(status(findings))


def _parameter(question: Question) -> str:
    return question.key.replace(".", "_")


# --- From options ---------------------------------------------------------------------------------


def _from_options(answers: dict[Question, str], sources: list[str]) -> Draft:
    """All of it at once.

    Raises:
        ValueError: answers are missing or wrong; the text has a line for all that are missing, and one for
            each that is wrong.
    """
    draft, wrong = Draft(), []
    for question, text in answers.items():
        try:
            draft.answer(question, text)
        except ValueError as error:
            wrong.append(f"{question.option}: {error}")
    for source in sources:
        try:
            _state(draft, source)
        except ValueError as error:
            wrong.append(f"--source: {error}")
    missing = [question.option for question in draft.missing() if question not in answers]
    if missing:
        wrong.insert(0, f"missing: {', '.join(missing)}; give them, or no options at all to be asked")
    if wrong:
        raise ValueError("\n".join(wrong))
    return draft


def _state(draft: Draft, source: str) -> None:
    key, equals, paragraph = source.partition("=")
    if not (equals and paragraph.strip()):
        raise ValueError(f"{source!r} is not a key with its paragraph; write it like am.opens=4.3")
    by_key = {question.key: question for question in QUESTIONS if question.has_source}
    if key not in by_key:
        raise ValueError(f"{key!r} is nothing that a document states; expected {one_of(key, tuple(by_key))}")
    current = draft.current(by_key[key])
    if current == "":
        raise ValueError(f"{key} is left empty, so no paragraph can state it")
    if current is not None:  # else it is missing, which is said of all that are
        draft.state(by_key[key], paragraph)


# --- From questions -------------------------------------------------------------------------------


def _from_questions() -> Draft:
    typer.echo("What the school's attendance policy says. Enter takes what stands in [brackets]. Nothing is")
    typer.echo("written before the last answer; Ctrl-C ends without a trace.")
    draft = Draft()
    for group in GROUPS:
        _ask_group(draft, group)
    return draft


def _ask_group(draft: Draft, group: Group) -> None:
    """Until the checker has nothing to say of the answers, or they are to stay as they are."""
    while True:
        typer.secho(f"\n{group.title}", bold=True)
        for question in group.questions:
            _ask(draft, question)
        findings = draft.findings(group)
        if not findings:
            return
        typer.echo(f"\nThe checker says:\n{as_lines(findings)}", nl=False)
        if not typer.confirm(
            "Correct these answers? (No keeps them: the document may say so.)", default=False
        ):
            return


def _ask(draft: Draft, question: Question) -> None:
    typer.echo(f"\n{question.means}\nWrite {question.like}.")
    former = draft.current(question) or ""
    while True:
        try:
            draft.answer(question, _prompt(question.asks, former, may_be_none=draft.default(question) == ""))
        except ValueError as error:
            typer.echo(f"{error}.")
        else:
            break
    if question.has_source and draft.current(question):
        known = draft.source(question)
        asks = "  Which paragraph says so?" + ("" if known else " (Enter if none does)")
        draft.state(question, _prompt(asks, known, may_be_none=True))
    else:
        draft.state(question, "")


def _prompt(asks: str, former: str, *, may_be_none: bool) -> str:
    """What is typed, or else the former answer; a single hyphen takes that back, where there may be none."""
    takes_back = may_be_none and bool(former)
    label = f"{asks} (- for none)" if takes_back else asks
    text = str(typer.prompt(label, default=former, show_default=bool(former))).strip()
    return "" if takes_back and text == "-" else text
