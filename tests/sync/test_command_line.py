"""How a command reports an error."""

import pytest
import typer

from sync.command_line import fail


@pytest.mark.parametrize(
    ("command", "text"),
    [("latebook queue", "latebook queue: no such entry\n"), (None, "no such entry\n")],
)
def test_an_error_is_one_sentence_on_standard_error_and_a_status(
    capsys: pytest.CaptureFixture[str], command: str | None, text: str
) -> None:
    with pytest.raises(typer.Exit) as exit_:
        fail(ValueError("no such entry"), command=command)
    assert exit_.value.exit_code == 2
    assert capsys.readouterr() == ("", text)
