"""`latebook …` where a part of Latebook or a library is missing."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.commands import main


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose `register` needs a library that is missing, and whose `queue` is damaged."""
    (tmp_path / "register_part.py").write_text("import no_such_library.parts\n")
    (tmp_path / "queue_part.py").write_text("import sync.no_such_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(main._PARTS, "register", ("register_part", "The central register."))
    monkeypatch.setitem(main._PARTS, "queue", ("queue_part", "The queue."))


@pytest.mark.usefixtures("damaged")
@pytest.mark.parametrize(
    "arguments", [[], ["serve"], ["serve", "--port", "8000"], ["account", "add", "office"]]
)
def test_a_part_that_is_not_installed_names_the_missing_module_whatever_subcommand_is_given(
    arguments: list[str],
) -> None:
    result = CliRunner().invoke(main.app, ["register", *arguments])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "latebook: `latebook register` is not installed on this machine:"
        " the Python module no_such_library is missing\n"
    )


@pytest.mark.usefixtures("damaged")
def test_a_module_of_latebook_that_is_missing_is_reported_as_a_damaged_installation() -> None:
    result = CliRunner().invoke(main.app, ["queue", "list", "--config", "kiosk.toml"])

    assert result.exit_code == 2
    assert result.stderr == (
        "latebook: `latebook queue` cannot start: Latebook's own module sync.no_such_module is missing;"
        " install Latebook again\n"
    )


@pytest.mark.usefixtures("damaged")
def test_the_help_lists_a_part_that_is_not_installed_as_such() -> None:
    result = CliRunner().invoke(main.app, ["--help"])

    assert result.exit_code == 0
    assert "Not installed here" in result.stdout


def test_a_library_that_only_one_action_needs_is_named_when_the_action_runs() -> None:
    program = (
        "import sys\nsys.modules['rich.table'] = None\nsys.argv = ['latebook', 'config', 'show']\n"
        "from kiosk.commands.main import main\nmain()\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "latebook: `latebook config` is not installed on this machine:"
        " the Python module rich.table is missing\n"
    )
