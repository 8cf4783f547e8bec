"""The `latebook` command's first step. A kiosk that starts does not wait for the libraries of a command line:
its home screen is there before they would be imported."""

import sys
from pathlib import Path


def main() -> None:
    """Be the kiosk, where that is plainly all that is asked for; else run the command line."""
    match sys.argv[1:]:
        case ["kiosk"]:
            _kiosk(None)
        case ["kiosk", "--config", config]:
            _kiosk(Path(config))
        case _:
            from kiosk.commands.main import main as command_line

            command_line()


def _kiosk(config: Path | None) -> None:
    from kiosk.app.start import run
    from kiosk.errors import KioskError

    try:
        run(config)
    except KioskError as error:
        sys.stderr.write(f"latebook: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
