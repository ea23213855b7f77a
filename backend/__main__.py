"""`nakamawa`, and `python -m backend`: the command line, interrupted without a fuss while it is still loading."""

import signal
from importlib import import_module


def main() -> None:
    """Load the commands, which takes a second or two, and run the one that was asked for."""
    # Python's own answer to Ctrl-C is a traceback through whatever was being loaded.
    ours = signal.signal(signal.SIGINT, signal.SIG_DFL)
    commands = import_module("backend.cli")
    signal.signal(signal.SIGINT, ours)
    commands.main()


if __name__ == "__main__":
    main()
