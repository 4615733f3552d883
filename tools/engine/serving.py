"""What the two programs have in common: a gRPC server whose port is printed and which ends when the engine ends it."""

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import grpc


def serve(register: Callable[[grpc.Server], None]) -> NoReturn:
    """Serve until SIGINT or SIGTERM (the engine's way to end a plugin) or until the parent process is gone."""
    parent = os.getppid()
    # Threads are made when needed; a plugin that is being run keeps one of them for its whole life.
    server = grpc.server(  # type: ignore[no-untyped-call]
        ThreadPoolExecutor(max_workers=256),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    register(server)
    port = server.add_insecure_port("127.0.0.1:0")

    def leave(*_: object) -> NoReturn:
        raise SystemExit(0)

    try:
        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        server.start()
        print(port, flush=True)
        while os.getppid() == parent:  # an engine that was killed can't end its plugins
            time.sleep(1)
    except SystemExit:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    server.stop(grace=None).wait(3)  # ends the calls, and with them the processes they have started
    sys.stdout.flush()
    os._exit(0)  # without waiting for threads


def refuse(context: grpc.ServicerContext, why: str) -> NoReturn:
    """Answer a call with a plain error."""
    context.abort(grpc.StatusCode.UNKNOWN, why)  # type: ignore[no-untyped-call]
    raise AssertionError("abort raises")
