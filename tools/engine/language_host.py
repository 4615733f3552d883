"""`pulumi-language-python` beside a built CLI: runs Python programs, policy packs and provider directories.

It speaks the SDK's protocol and keeps to what the official host does
(https://github.com/pulumi/pulumi/blob/master/sdk/python/cmd/pulumi-language-python/main.go), apart from these, which it
says plainly: no toolchain but pip, no type checker, no debugger, no code generation; and a virtual environment that
does not exist is an error and not made in the middle of a preview (`pulumi install` makes it).
"""

# ruff: noqa: N802 (the protocol sets the names of its methods)

import argparse
import json
import os
import queue
import subprocess
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from subprocess import PIPE
from typing import IO, Any, NoReturn, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from pulumi.runtime.proto import language_pb2 as pb
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

from tools.engine.interpreter import OFFICIAL, RefusedError, interpreter, python_on_path, virtualenv_option
from tools.engine.packages import dependency, installed, top_level
from tools.engine.serving import refuse, serve

# By https://github.com/pulumi/pulumi/blob/master/sdk/python/cmd/pulumi-language-python-exec: the program has shown its
# error to the user already.
ERROR_SHOWN = 32
Response = TypeVar("Response")


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """The service; see `pulumi/language.proto` in https://github.com/pulumi/pulumi/tree/master/proto."""

    def __init__(self, executor: str, engine: str, tracing: str) -> None:
        self.executor, self.engine, self.tracing = executor, engine, tracing

    def Handshake(
        self, request: pb.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> pb.LanguageHandshakeResponse:
        self.engine = request.engine_address
        return pb.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=version("pulumi"))

    def About(self, request: pb.AboutRequest, context: grpc.ServicerContext) -> pb.AboutResponse:
        with plainly(context):
            python = interpreter(request.info)
            code = "import platform, sys; print(sys.executable); print(platform.python_version())"
            answer = subprocess.run([python.command, "-c", code], capture_output=True, text=True, check=False)
            executable, number = (answer.stdout.splitlines() or [python.command, ""])[:2]
            return pb.AboutResponse(executable=executable, version=number)

    def GetRequiredPackages(
        self, request: pb.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> pb.GetRequiredPackagesResponse:
        with plainly(context):
            found = installed(interpreter(request.info), request.info.program_directory)
            return pb.GetRequiredPackagesResponse(packages=filter(None, map(dependency, found)))

    def GetProgramDependencies(
        self, request: pb.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> pb.GetProgramDependenciesResponse:
        with plainly(context):
            found = installed(interpreter(request.info), request.info.program_directory)
            listed = found if request.transitiveDependencies else top_level(found)
            dependencies = [pb.DependencyInfo(name=each["name"], version=each["version"]) for each in listed]
            return pb.GetProgramDependenciesResponse(dependencies=dependencies)

    def Run(self, request: pb.RunRequest, context: grpc.ServicerContext) -> pb.RunResponse:
        with plainly(context):
            if request.attach_debugger:
                raise RefusedError(f"This Python host can't attach a debugger; {OFFICIAL}")
            python = interpreter(request.info)
            flags = {
                "monitor": request.monitor_address,
                "engine": self.engine,
                "project": request.project,
                "root_directory": request.info.root_directory,
                "stack": request.stack,
                "pwd": request.pwd,
                "dry_run": "true" if request.dryRun else "false",
                "parallel": str(request.parallel),
                "tracing": self.tracing,
                "organization": request.organization,
            }
            given = [word for flag, value in flags.items() if value for word in (f"--{flag}", value)]
            environment = {
                **python.environment(dict(os.environ)),
                "PULUMI_CONFIG": json.dumps(dict(request.config)),
                "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
            }
            command = [python.command, self.executor, *given, request.info.entry_point or ".", *request.args]
            # The engine shows what comes on this process's stdout and stderr.
            with child(context, command, env=environment) as program:
                code = program.wait()
            if code in (0, ERROR_SHOWN):
                return pb.RunResponse(bail=code == ERROR_SHOWN)
            how = f"exited with non-zero exit code: {code}" if code > 0 else f"was ended by signal {-code}"
            return pb.RunResponse(error=f"program {how}")

    def RunPlugin(self, request: pb.RunPluginRequest, context: grpc.ServicerContext) -> Iterator[pb.RunPluginResponse]:
        info, policy_pack = request.info, request.kind == "analyzer"
        with plainly(context):
            python = interpreter(info, "" if policy_pack else "venv")
            command = [python.command, "-u", *plugin_command(info, list(request.args), policy_pack)]
        given = dict(variable.split("=", 1) for variable in request.env)
        environment = python.environment(given or dict(os.environ))
        with child(context, command, cwd=request.pwd or None, env=environment, stdout=PIPE, stderr=PIPE) as process:
            yield from streamed(process, pb.RunPluginResponse)
            if process.wait():
                yield pb.RunPluginResponse(exitcode=process.returncode)

    def InstallDependencies(
        self, request: pb.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.InstallDependenciesResponse]:
        info, directory = request.info, request.directory or request.info.program_directory
        with plainly(context):
            option = virtualenv_option(info, "venv" if request.is_plugin else "")
            virtualenv = Path(info.root_directory, option) if option else None
            python = str(virtualenv / "bin" / "python") if virtualenv else python_on_path()
            make = (
                []
                if virtualenv is None or Path(python).exists()
                else [[python_on_path(), "-m", "venv", str(virtualenv)]]
            )
        listed = Path(directory, "requirements.txt").exists()
        install = [[python, "-m", "pip", "install", "-r", "requirements.txt"]] if listed else []
        for command in make + install:
            with child(context, command, cwd=directory, stdout=PIPE, stderr=PIPE) as process:
                yield from streamed(process, pb.InstallDependenciesResponse)
                if process.wait():
                    refuse(context, f"{' '.join(command)} exited with code {process.returncode}")

    def RuntimeOptionsPrompts(
        self, request: pb.RuntimeOptionsRequest, context: grpc.ServicerContext
    ) -> pb.RuntimeOptionsResponse:
        return pb.RuntimeOptionsResponse()

    def Template(self, request: pb.TemplateRequest, context: grpc.ServicerContext) -> pb.TemplateResponse:
        return pb.TemplateResponse()

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        return Empty()

    def GenerateProgram(self, request: object, context: grpc.ServicerContext) -> NoReturn:
        """Said plainly, for this and its like: code generation is part of the official host's Go code."""
        refuse(context, f"This Python host generates no code (for import: --generate-code=false); {OFFICIAL}")

    GenerateProject = GeneratePackage = Pack = Link = GenerateProgram


def plugin_command(info: pb.ProgramInfo, arguments: list[str], policy_pack: bool) -> list[str]:
    """What Python is to run for a plugin; raises `RefusedError` for a directory that holds none."""
    if policy_pack:
        return ["-m", "pulumi.policy", *arguments, info.program_directory]
    if Path(info.root_directory, "__main__.py").exists():
        return [info.program_directory, *arguments]
    project = Path(info.root_directory, "pyproject.toml")
    name = tomllib.loads(project.read_text()).get("project", {}).get("name") if project.exists() else None
    if name is None:
        raise RefusedError("plugin is not runnable, it provides neither __main__.py nor a buildable pyproject.toml")
    return ["-m", "pulumi.run.plugin", name, *arguments]


@contextmanager
def plainly(context: grpc.ServicerContext) -> Iterator[None]:
    """Turn `RefusedError` into the answer of the call."""
    try:
        yield
    except RefusedError as why:
        refuse(context, str(why))


@contextmanager
def child(context: grpc.ServicerContext, command: list[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the call: the engine cancels the call to end a plugin or a program."""
    with subprocess.Popen(command, **options) as process:
        if not context.add_callback(process.kill):  # type: ignore[no-untyped-call]
            process.kill()  # the call was over already
        yield process


def streamed(process: subprocess.Popen[bytes], response: Callable[..., Response]) -> Iterator[Response]:
    """What the process writes, as it writes it, until it has closed both its streams."""
    chunks: queue.SimpleQueue[Response | None] = queue.SimpleQueue()

    def read(name: str, stream: IO[bytes]) -> None:
        while chunk := os.read(stream.fileno(), 1 << 16):
            chunks.put(response(**{name: chunk}))
        chunks.put(None)

    streams = {"stdout": process.stdout, "stderr": process.stderr}
    for name, stream in streams.items():
        threading.Thread(target=read, args=(name, stream), daemon=True).start()
    for _ in streams:
        yield from iter(chunks.get, None)


def main() -> None:
    """Serve on a free port, printed on stdout; the engine gives its address as the last argument."""
    parser = argparse.ArgumentParser()
    parser.add_argument("executor")
    parser.add_argument("engine", nargs="?", default="")
    parser.add_argument("--tracing", default="")
    arguments, _ = parser.parse_known_args()
    host = LanguageHost(arguments.executor, arguments.engine, arguments.tracing)
    serve(lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server))
