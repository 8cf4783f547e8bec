"""`latebook policy new`: a school's own policy, from questions and answers or from options."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from attendance.policy.check import check
from attendance.policy.keys import KeyGroup, PolicyKey
from attendance.policy.model import KEY_GROUPS, KEYS
from attendance.text import one_of
from kiosk.commands.policy.check import as_lines, status
from kiosk.commands.policy.draft import Draft
from kiosk.commands.policy.save import check_place, save
from kiosk.errors import NotWritableError
from sync.command_line import fail

_NAME = next(key for key in KEYS if key.name == "name")


def _with_an_option_for_every_key(command: Callable[..., None]) -> Callable[..., None]:
    """Replace the command's `**options` by one option for each key of a policy; typer reads the signature."""
    signature = inspect.signature(command)
    own = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
    options = [
        inspect.Parameter(_parameter(key), inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for key in KEYS
        for default, kind in [_option(key)]
    ]
    command.__signature__ = signature.replace(parameters=[own[0], *options, *own[1:]])  # type: ignore[attr-defined] # what inspect reads first
    command.__annotations__ = {each.name: each.annotation for each in (*own, *options)}
    return command


def _option(key: PolicyKey) -> tuple[bool | None, Any]:
    """The default and the type of the option that answers a key."""
    if key.kind is bool:
        return False, Annotated[bool, typer.Option(key.option, help=f"{key.question}.")]
    help_text = f"{key.question}: {key.hint}."
    return None, Annotated[str | None, typer.Option(key.option, show_default=False, help=help_text)]


def _parameter(key: PolicyKey) -> str:
    return key.name.replace(".", "_")


@_with_an_option_for_every_key
def new(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The file to write; by default the short name with .toml."),
    ] = None,
    *,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=PARAGRAPH", help="The paragraph that states a value: am.opens=4.3."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    **options: str | bool | None,
) -> None:
    """Write a school's own policy: asks what its document says, and checks the answers as they come.

    With any option but --force it asks nothing and takes everything from the options. Every value without a
    --source is written as still to be confirmed by the school. Exit status 1 if the checker finds an error
    in the new policy, 2 if no policy could be written.
    """
    values = {key: options[_parameter(key)] for key in KEYS}
    answers = {key: "yes" if text is True else str(text) for key, text in values.items() if text}
    try:
        # Without FILE the name is not known yet, but the folder is.
        check_place(file or Path.cwd() / "policy.toml", replace=force or file is None)
        draft = _from_options(answers, source or []) if answers or source else _from_questions()
        path = file or Path(f"{draft.current(_NAME)}.toml")
        policy = save(draft.text(), path, replace=force)
    except (ValueError, NotWritableError) as error:
        fail(error)
    typer.echo(f"{path} written, version {policy.version}")
    findings = check(policy)
    typer.echo(as_lines(findings), nl=False)
    raise typer.Exit(status(findings))


# --- From options ---------------------------------------------------------------------------------


def _from_options(answers: dict[PolicyKey, str], sources: list[str]) -> Draft:
    """A draft from all options at once.

    Raises:
        ValueError: options are missing or wrong; the text has one line for all missing ones, and one line
            for each wrong one.
    """
    draft, errors = Draft(), []
    for key, text in answers.items():
        try:
            draft.answer(key, text)
        except ValueError as error:
            errors.append(f"{key.option}: {error}")
    for source in sources:
        try:
            _set_source(draft, source)
        except ValueError as error:
            errors.append(f"--source: {error}")
    missing = [key.option for key in draft.missing() if key not in answers]
    if missing:
        errors.insert(0, f"missing: {', '.join(missing)}; give them, or no options at all to be asked")
    if errors:
        raise ValueError("\n".join(errors))
    return draft


def _set_source(draft: Draft, source: str) -> None:
    name, equals, paragraph = source.partition("=")
    if not (equals and paragraph.strip()):
        raise ValueError(f"{source!r} is not a key with its paragraph; write for example am.opens=4.3")
    by_name = {key.name: key for key in KEYS if key.guide.has_source}
    if name not in by_name:
        raise ValueError(
            f"{name!r} is not a value that a document states; write {one_of(name, tuple(by_name))}"
        )
    current = draft.current(by_name[name])
    if current == "":
        raise ValueError(f"{name} is left empty, so no paragraph can state it")
    if current is not None:  # a missing answer is reported with all the others
        draft.set_source(by_name[name], paragraph)


# --- From questions -------------------------------------------------------------------------------


def _from_questions() -> Draft:
    typer.echo("Answer from the school's attendance policy. Enter keeps the answer in [brackets]. Nothing is")
    typer.echo("written before the last answer; Ctrl-C stops and leaves nothing behind.")
    draft = Draft()
    for group in KEY_GROUPS:
        _ask_group(draft, group)
    return draft


def _ask_group(draft: Draft, group: KeyGroup) -> None:
    """Ask until the checker finds nothing in the answers, or the user keeps them as they are."""
    while True:
        typer.secho(f"\n{group.title}", bold=True)
        for key in group.keys:
            _ask(draft, key)
        findings = draft.findings(group)
        if not findings:
            return
        typer.echo(f"\nThe checker found:\n{as_lines(findings)}", nl=False)
        if not typer.confirm(
            "Correct these answers? (No keeps them: the document may say so.)", default=False
        ):
            return


def _ask(draft: Draft, key: PolicyKey) -> None:
    typer.echo(f"\n{key.meaning}\nWrite {key.hint}.")
    previous = draft.current(key) or ""
    optional = key.default(draft.answers) == ""
    while True:
        try:
            draft.answer(key, _prompt(key.question, previous, optional=optional))
        except ValueError as error:
            typer.echo(f"{error}.")
        else:
            break
    paragraph = ""
    if key.guide.has_source and draft.current(key):
        current = draft.source(key)
        question = "  Which paragraph states it?" + ("" if current else " (Enter if none does)")
        paragraph = _prompt(question, current, optional=True)
    draft.set_source(key, paragraph)


def _prompt(question: str, previous: str, *, optional: bool) -> str:
    """What the user types, or else the previous answer. A single hyphen clears an optional answer."""
    can_clear = optional and bool(previous)
    label = f"{question} (- for none)" if can_clear else question
    text = str(typer.prompt(label, default=previous, show_default=bool(previous))).strip()
    return "" if can_clear and text == "-" else text
