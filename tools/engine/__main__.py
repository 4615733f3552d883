"""`python -m tools.engine`: prints the directory of a usable `pulumi`, and nothing else, on stdout."""

import sys

from tools.engine import EngineError, ensure


def main() -> int:
    """Return the exit code: 0 with the directory printed, 1 with the reasons on stderr."""
    try:
        print(ensure())
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; nothing half made is left behind.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
