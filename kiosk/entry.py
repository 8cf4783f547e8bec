"""Entry point of the `latebook` command. It starts a kiosk without the command line's libraries, so that the
home screen appears sooner."""

import sys
from pathlib import Path


def main() -> None:
    """Run the kiosk for the plain command `latebook kiosk`, or else the whole command line."""
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
