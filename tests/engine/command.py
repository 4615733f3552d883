"""The CLI that `tools.engine` provides, through Pulumi's automation API."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from pulumi import automation

from tools import engine


class Command(automation.PulumiCommand):
    """The engine that `tools.engine` provides, in an environment that has nothing of the user's own."""

    def __init__(self, home: Path) -> None:
        directory = engine.ensure(report=lambda _line: None)
        self.home = home
        self._environment = {
            "PATH": os.pathsep.join((str(directory), os.environ.get("PATH", os.defpath))),
            "HOME": str(home),
            "NO_PROXY": "127.0.0.1",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **engine.equip(directory, home),
        }
        self._within(super().__init__)
        self.command = str(directory / "pulumi")

    def run(self, *args: Any, **kwargs: Any) -> Any:
        return self._within(super().run, *args, **kwargs)

    def _within(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with mock.patch.dict(os.environ, self._environment, clear=True):
            return function(*args, **kwargs)


class _Drained:
    """The server that hears the engine's events, all of which are heard once it is stopped: the SDK goes on at once,
    and on a busy machine without the last ones."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def stop(self, grace: float) -> None:
        self._server.stop(grace).wait()


class UnaskedStack(automation.Stack):
    """Without the three runs of the CLI that follow upon every operation: outputs twice, and history."""

    def _setup_event_log(self, *args: Any, **kwargs: Any) -> Any:
        *others, server = super()._setup_event_log(*args, **kwargs)
        return (*others, server and _Drained(server))

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        return automation.UpdateSummary(
            kind="", start_time=datetime.now(UTC), message="", environment={}, config={}, result=""
        )
