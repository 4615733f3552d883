"""`python -m emulator`: the stand-in as a program of its own."""

import argparse
import signal
import sys
from pathlib import Path

from emulator import Emulator, StartError, StateError
from emulator.exchange import LogEntry


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8787, help="port to listen on, 0 for a free one (%(default)s)")
    parser.add_argument("--state", type=Path, help="file that keeps what exists over a restart (default: memory only)")
    parser.add_argument("--dns-port", type=int, help="also answer DNS there, from the zone (default: no DNS)")
    parser.add_argument("--publish", action="store_true", help="have what the vendors ask for in DNS at once")
    parser.add_argument("--quiet", action="store_true", help="do not print a line for each request")
    return parser.parse_args()


def _print(entry: LogEntry) -> None:
    print(entry, flush=True)


def main() -> int:
    arguments = _arguments()
    # Waited for, not handled: a handler that sets an event can interrupt the very wait for it, and then waits for ever.
    stop = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    try:
        emulator = Emulator(
            arguments.state,
            arguments.port,
            host=arguments.host,
            listener=None if arguments.quiet else _print,
            dns_port=arguments.dns_port,
            publish=arguments.publish,
        )
        with emulator:
            print(f"The emulator listens at {emulator.url} (a browser shows what exists; Ctrl-C stops it)", flush=True)
            signal.sigwait(stop)
    except (StartError, StateError) as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
