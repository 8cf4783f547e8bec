"""`latebook register …`: run the register and look after it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from attendance.errors import PolicyError
from attendance.policy.files import load as load_policy
from attendance.policy.files import load_file as load_policy_file
from attendance.policy.model import Policy
from sync import logs
from sync.register import audit, pins
from sync.register.accounts.accounts import give_password
from sync.register.accounts.login import recover_login
from sync.register.accounts.sessions import add_staff, only_school
from sync.register.actor import operator_actor
from sync.register.backups.backup import backup as make_backup
from sync.register.backups.backup import restore as read_backup
from sync.register.commands.errors import one_sentence
from sync.register.entries.replay import replay
from sync.register.errors import AccountError, LoginTakenError, RegisterError
from sync.register.kiosks.kiosks import make_enrolment_code
from sync.register.permissions import Role
from sync.register.schools.schools import SchoolRecord, add_school_once
from sync.register.server.server import OffsetClock
from sync.register.server.server import serve as run_server
from sync.register.server.settings import RegisterSettings
from sync.register.server.upgrade import bring_up_to_date
from sync.register.storage.database import Database
from sync.register.storage.models import StaffRow
from sync.settings import SettingsError, load
from sync.wire import BundleSchool

app = typer.Typer(no_args_is_help=True, help="The central register: run it and look after it.")
user = typer.Typer(no_args_is_help=True, help="Accounts for the office page.")
school = typer.Typer(no_args_is_help=True, help="The schools in the register.")
app.add_typer(user, name="user")
pin = typer.Typer(no_args_is_help=True, help="PINs for the kiosk's staff screen.")
app.add_typer(school, name="school")
app.add_typer(pin, name="pin")

MISCONFIGURED = 2

UserSchool = Annotated[
    str | None, typer.Option("--school", help="The user's school, if the register has several.")
]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="The register's TOML file; without it, defaults and the environment."),
]


def _one_sentence() -> AbstractContextManager[None]:
    """Report errors in one sentence."""
    return one_sentence(
        "latebook register",
        RegisterError,
        SettingsError,
        PolicyError,
        status=MISCONFIGURED,
    )


def _settings(config: Path | None) -> RegisterSettings:
    return load(RegisterSettings, config, os.environ).value


@contextmanager
def _open_database(config: Path | None) -> Iterator[tuple[Database, Callable[[], datetime]]]:
    """The database, not migrated, and the clock."""
    settings = _settings(config)
    database = Database(settings.database.url)
    try:
        yield database, OffsetClock(settings.clock.offset_s)
    finally:
        database.close()


@contextmanager
def _database(config: Path | None) -> Iterator[tuple[Database, Callable[[], datetime]]]:
    """The database, migrated, and the clock."""
    with _open_database(config) as (database, now):
        database.migrate()
        yield database, now


@app.command()
def serve(config: Config = None) -> None:
    """Run the register and its office page until Ctrl-C."""
    logs.configure()
    with _one_sentence():
        settings = _settings(config)
        run_server(
            settings.database.url,
            host=settings.server.host,
            port=settings.server.port,
            clock_offset_s=settings.clock.offset_s,
            workers=settings.server.workers,
            totp=settings.login.totp,
            trusted_proxies=settings.server.trusted_proxies,
        )


@app.command()
def migrate(config: Config = None) -> None:
    """Migrate the database to this version's schema. `serve` does so by itself."""
    with _one_sentence(), _open_database(config) as (database, _):
        bring_up_to_date(database)
    typer.echo("The database has this version's schema.")


@app.command()
def backup(to: Annotated[Path, typer.Argument(metavar="FILE")], config: Config = None) -> None:
    """Copy the database to a new file, while the register runs."""
    with _one_sentence(), _open_database(config) as (database, now):
        make_backup(database, to)
        audited = database.is_newest  # a database of another version is not changed, so neither is its audit
        if audited:
            _note(database, audit.Action.BACKUP, now(), to)
    typer.echo(f"The register is in {to}; keep it as safe as the register itself.")
    if not audited:
        typer.echo("The database has another version's schema, so the backup is not in its audit.")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE")],
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Replace a database that is not empty or is damaged; its content is kept."
        ),
    ] = False,
    config: Config = None,
) -> None:
    """Replace the database by a backup. Stop the register first."""
    with _one_sentence(), _open_database(config) as (database, now):
        restored = read_backup(database, source, force=force, now=now())
        detail = {"kept": Path(restored.kept).name} if restored.kept is not None else {}
        _note(database, audit.Action.RESTORE, now(), source, **detail)
    typer.echo("The backup is restored. Kiosks send the entries since then again, if they still have them.")
    for sentence in restored.missing:
        typer.echo(sentence)
    if restored.damage:
        typer.echo(f"The previous content was damaged: {restored.damage}.")
    if restored.kept is not None:
        typer.echo(f"The previous content is in {restored.kept}.")


def _note(database: Database, action: audit.Action, now: datetime, file: Path, **detail: str) -> None:
    database.transact(
        lambda session: audit.note_everywhere(session, action, now=now, file=file.name, **detail)
    )


@app.command()
def explain(
    entry: Annotated[UUID, typer.Argument(metavar="ENTRY", help="The id of an entry.")], config: Config = None
) -> None:
    """Explain how an entry was decided, and decide it again by the policy of that day."""
    with _one_sentence(), _database(config) as (database, _), database.read() as session:
        explanation = replay(session, entry)
    result = "the same" if explanation.same else "NOT the kiosk's decision"
    typer.echo(f"{explanation.sentence}\nDecided again by {explanation.policy}: {result}.")


@app.command("enrolment-code")
def enrolment_code(
    school_id: Annotated[str, typer.Argument(metavar="SCHOOL")], config: Config = None
) -> None:
    """Make a code that enrols one kiosk. It works once, for 15 minutes."""
    with _one_sentence(), _database(config) as (database, now), database.write() as session:
        code = make_enrolment_code(session, school_id, now=now(), by=operator_actor(school_id))
    typer.echo(code.code)


@user.command("add")
def add_user(
    login: Annotated[str, typer.Argument(metavar="LOGIN")],
    *,
    name: Annotated[str, typer.Option("--name", help="The name shown beside what they change.")],
    position: Annotated[str, typer.Option("--position", help="For example: Attendance officer.")],
    school_id: UserSchool = None,
    role: Annotated[Role, typer.Option("--role", help="What the user may do.")] = Role.OFFICE,
    config: Config = None,
) -> None:
    """Add an account for the office page. The password is prompted for, or read from standard input."""
    with _one_sentence():
        password = _prompt("Password")
        with _database(config) as (database, now), database.write() as session:
            at, subject = school_id or only_school(session), login.strip().lower()
            try:
                add_staff(
                    session,
                    school=at,
                    login=subject,
                    name=name,
                    position=position,
                    password=password,
                    role=role,
                )
            except LoginTakenError as error:
                theirs = session.get_one(StaffRow, subject).school_id
                raise AccountError(
                    f"{error}, or give it another password with:"
                    f" latebook register user password {subject} --school {theirs}"
                ) from error
            audit.note(
                session,
                operator_actor(at),
                audit.Action.ACCOUNT_ADDED,
                now=now(),
                subject=subject,
                role=role.value,
            )
    typer.echo(f"{subject} can log in.")


@user.command("password")
def user_password(
    login: Annotated[str, typer.Argument(metavar="LOGIN")],
    *,
    school_id: UserSchool = None,
    config: Config = None,
) -> None:
    """Change a user's password, and end their sessions. The password is prompted for, or read from standard
    input. Their authenticator app stays."""
    with _one_sentence():
        password = _prompt("Password")
        with _database(config) as (database, now), database.write() as session:
            actor = operator_actor(school_id or only_school(session))
            subject = login.strip().lower()
            give_password(session, actor, subject, password, now=now())
    typer.echo(f"{subject} has a new password.")


@user.command("recover")
def recover_user(login: Annotated[str, typer.Argument(metavar="LOGIN")], config: Config = None) -> None:
    """Revoke a user's authenticator app. They set up another at their next login."""
    with _one_sentence(), _database(config) as (database, now), database.write() as session:
        name = login.strip().lower()
        row = session.get(StaffRow, name)
        if row is None:
            raise AccountError(f"there is no login {name!r}")
        recover_login(session, name, actor=operator_actor(row.school_id), now=now())
    typer.echo(f"{name} sets up an authenticator app at the next login.")


@pin.command("add")
def add_pin(
    *,
    name: Annotated[str, typer.Option("--name", help="The name shown beside what they release.")],
    position: Annotated[str, typer.Option("--position", help="For example: Receptionist.")],
    school_id: UserSchool = None,
    config: Config = None,
) -> None:
    """Draw a PIN for the kiosk, and show it once."""
    with _one_sentence(), _database(config) as (database, now):
        with database.read() as session:
            at = school_id or only_school(session)
        new_pin = pins.give(
            database,
            operator_actor(at),
            school=at,
            name=name,
            position=position,
            now=now(),
        )
    typer.echo(f"{name} has a PIN for the kiosks of {at}.")
    typer.echo(f"The PIN is {new_pin}; it is not shown again.")


def _prompt(label: str) -> str:
    """Read a secret. It is never an argument, which every user of the machine can read and the shell's
    history keeps."""
    if sys.stdin.isatty():
        return str(typer.prompt(label, hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _policy(name_or_file: str) -> Policy:
    """A policy that comes with Latebook, or a school's own file.

    Raises:
        PolicyError: there is no policy of that name, or the file is not a policy.
    """
    if name_or_file.endswith(".toml"):
        return load_policy_file(Path(name_or_file))
    return load_policy(name_or_file)


@school.command("add")
def add_school(
    school_id: Annotated[str, typer.Argument(metavar="ID")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
    policy: Annotated[str, typer.Option("--policy", help="One of `latebook policy list`, or a FILE.toml.")],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone.")] = "Europe/London",
    config: Config = None,
) -> None:
    """Add a school, with no pupils yet."""
    with _one_sentence():
        rules = _policy(policy).model_dump(mode="json")
        record = SchoolRecord(
            school=BundleSchool(id=school_id, name=name, zone=zone),
            card_key=os.urandom(32).hex(),
            policy=rules,
        )
        with _database(config) as (database, now), database.write() as session:
            add_school_once(session, record)
            actor = operator_actor(school_id)
            audit.note(session, actor, audit.Action.SCHOOL_ADDED, now=now(), subject=school_id, name=name)
    typer.echo(f"{name} is in the register.")
