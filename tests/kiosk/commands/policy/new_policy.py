"""`latebook policy new` as the tests run it: its required options, and all others."""

from collections.abc import Iterable

from typer.testing import CliRunner, Result

from kiosk.commands.policy.main import app

REQUIRED = {
    "--title": "Oak Lane School",
    "--years": "R-2",
    "--am-opens": "08:45",
    "--am-closes": "09:15",
    "--am-ends": "12:00",
    "--pm-opens": "13:00",
    "--pm-closes": "13:30",
    "--pm-ends": "15:15",
}
OPTIONAL = {
    "--name": "oak-lane-primary",
    "--am-late-after": "08:50",
    "--am-unauthorised-after": "09:20",
    "--pm-late-after": "13:05",
    "--pm-unauthorised-after": "13:35",
    "--pm-ends-by-year": "R=15:00,1=15:05",
    "--retention-years": "7",
    "--reasons": "traffic,overslept",
    "--review": "school-transport=present:Y1",
    "--consequence": 'A "friendly" letter',
    "--codes-used": "/ \\ L U H",
    "--leaves-alone": "2",
}


def new(*arguments: str, answers: Iterable[str] = ()) -> Result:
    """Run the command with these arguments; `answers` are typed, one a line."""
    typed = "".join(f"{answer}\n" for answer in answers)
    result = CliRunner().invoke(app, ["new", *arguments], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def options(*sets: dict[str, str]) -> list[str]:
    return [part for each in sets for option in each.items() for part in option]
