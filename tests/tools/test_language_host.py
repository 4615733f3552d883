"""Our Python language host, with the real engine; over gRPC only where the engine has no say."""

import json
import os
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import language_pb2 as pb
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

from tests.tools.conftest import Project, virtualenv, write
from tools.engine.interpreter import RefusedError, interpreter
from tools.engine.packages import dependency, plugin_version, top_level

REPORT = """
    import json, os, sys
    import pulumi
    config = pulumi.Config()
    secret = config.get_secret("secret")
    pulumi.export("plain", config.get("plain"))
    pulumi.export("secret", secret)
    pulumi.export("is_secret", pulumi.Output.from_input(secret).is_secret())
    pulumi.export("prefix", sys.prefix)
    pulumi.export("virtual_env", os.environ["VIRTUAL_ENV"])
    pulumi.export("path", os.environ["PATH"].split(os.pathsep)[0])
    pulumi.export("cwd", os.getcwd())
    pulumi.export("names", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
    print("said on stdout")
"""
# A policy pack without the library for them: it answers for itself. It refuses outputs named `forbidden`.
POLICY_PACK = """
    import concurrent.futures, grpc
    from google.protobuf.empty_pb2 import Empty
    from pulumi.runtime.proto import analyzer_pb2 as pb, analyzer_pb2_grpc, plugin_pb2

    class Pack(analyzer_pb2_grpc.AnalyzerServicer):
        def Handshake(self, request, context):
            return pb.AnalyzerHandshakeResponse()
        def ConfigureStack(self, request, context):
            return pb.AnalyzerStackConfigureResponse()
        def Configure(self, request, context):
            return Empty()
        def GetPluginInfo(self, request, context):
            return plugin_pb2.PluginInfo(version="1.0.0")
        def GetAnalyzerInfo(self, request, context):
            return pb.AnalyzerInfo(name="pack", version="1.0.0")
        def Analyze(self, request, context):
            wrong = request.name == "forbidden"
            verdict = dict(policyName="rule", policyPackName="pack", policyPackVersion="1.0.0", urn=request.urn)
            return pb.AnalyzeResponse(diagnostics=[
                pb.AnalyzeDiagnostic(**verdict, message="that is not allowed", enforcementLevel=pb.MANDATORY)
            ] * wrong)
        def Remediate(self, request, context):
            return pb.RemediateResponse()
        def AnalyzeStack(self, request, context):
            return pb.AnalyzeResponse()

    server = grpc.server(concurrent.futures.ThreadPoolExecutor())
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Pack(), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()
"""
PROVIDER = """
    import sys
    from pulumi.provider.experimental import provider as p
    from pulumi.provider.experimental.server import main

    class Things(p.Provider):
        async def check_config(self, request): return p.CheckResponse(request.new_inputs)
        async def configure(self, request): return p.ConfigureResponse()
        async def check(self, request): return p.CheckResponse(request.new_inputs)
        async def create(self, request): return p.CreateResponse("made", request.properties)
        async def diff(self, request): return p.DiffResponse()
        async def delete(self, request): return None

    main(sys.argv[1:], "1.0.0", Things())
"""
RUNTIME = "runtime: {name: python, options: {virtualenv: ../.venv}}"


def test_a_program_runs_where_and_with_what_the_project_says(project: Project) -> None:
    project.program(REPORT)
    project.pulumi("config", "set", "plain", "a value")
    project.pulumi("config", "set", "--secret", "secret", "hunter2")
    preview = project.pulumi("preview")
    assert "said on stdout" in preview
    assert "hunter2" not in preview
    assert "warning" not in preview
    project.up()
    environment = str(project.directory / ".venv")
    assert project.outputs() == {
        "plain": "a value",
        "secret": "hunter2",
        "is_secret": True,
        "prefix": environment,
        "virtual_env": environment,
        "path": f"{environment}/bin",
        "cwd": str(project.directory),
        "names": ["test", "test", "organization"],
    }
    assert "hunter2" not in project.pulumi("stack", "export")
    project.up("--expect-no-changes")
    project.pulumi("destroy", "--yes")
    assert "resources" not in json.loads(project.pulumi("stack", "export"))["deployment"]


def test_a_program_that_raises_fails_with_its_own_traceback_alone(project: Project) -> None:
    project.program("def fail():\n    raise ValueError('what went wrong')\nfail()")
    said = project.pulumi("preview", code=1)
    assert "ValueError: what went wrong" in said
    assert f'File "{project.directory}/__main__.py", line 2, in fail' in said
    assert "runpy" not in said
    assert "non-zero exit code" not in said


def test_a_program_that_exits_fails_with_its_code(project: Project) -> None:
    project.program("import os; os._exit(7)")
    assert "program exited with non-zero exit code: 7" in project.pulumi("preview", code=1)


@pytest.mark.parametrize(
    ("exists", "why"), [(False, "doesn't exist"), (True, "doesn't appear to be a virtual environ")]
)
def test_a_missing_virtual_environment_is_told_with_the_commands_that_make_it(
    project: Project, exists: bool, why: str
) -> None:
    missing = project.directory / "missing"
    if exists:
        missing.mkdir()
    write(project.directory, Pulumi_yaml="name: test\nruntime: {name: python, options: {virtualenv: missing}}")
    project.program("")
    said = project.pulumi("preview", code=1)
    assert f'set to "missing", but "{missing}" {why}' in said
    assert f"1. python3 -m venv {missing}" in said
    assert "Traceback" not in said


def test_a_policy_pack_stops_what_it_forbids_and_nothing_else(project: Project) -> None:
    pack = write(project.directory / "pack", PulumiPolicy_yaml=f"version: 1.0.0\n{RUNTIME}", main_py=POLICY_PACK)
    project.program("import pulumi_random as random\nrandom.RandomId('allowed', byte_length=4)")
    project.pulumi("preview", "--policy-pack", str(pack))
    project.program("import pulumi_random as random\nrandom.RandomId('forbidden', byte_length=4)")
    assert "that is not allowed" in project.pulumi("preview", "--policy-pack", str(pack), code=1)


def test_a_provider_in_a_directory_serves_its_resources(project: Project) -> None:
    write(project.directory / "things", PulumiPlugin_yaml=RUNTIME, main_py=PROVIDER)
    runtime = RUNTIME.replace("../", "")
    plugins = "plugins: {providers: [{name: things, path: things}]}"
    write(project.directory, Pulumi_yaml=f"name: test\n{runtime}\n{plugins}")
    project.program("""
        import pulumi
        class Thing(pulumi.CustomResource):
            size: pulumi.Output[int]
        thing = Thing("things:index:Thing", "one", {"size": 3})
        pulumi.export("id", thing.id)
    """)
    project.up()
    assert project.outputs() == {"id": "made"}
    project.up("--expect-no-changes")
    project.pulumi("destroy", "--yes")


def test_about_names_the_python_and_what_the_program_depends_on(project: Project) -> None:
    project.program("")
    about = json.loads(project.pulumi("about", "--json"))
    assert about["runtime"]["executable"] == str(project.directory / ".venv" / "bin" / "python")
    assert about["runtime"]["version"] == sys.version.split()[0]
    names = {package["name"] for package in about["dependencies"]}
    assert "pulumi_random" in names
    assert "grpcio" not in names  # pulumi requires it


def test_dependencies_are_installed_into_a_new_virtual_environment(project: Project, tmp_path: Path) -> None:
    write(tmp_path / "empty", pyproject_toml='[project]\nname = "empty"\nversion = "1"\n')
    write(project.directory, Pulumi_yaml="name: test\nruntime: {name: python, options: {virtualenv: new}}")
    write(project.directory, requirements_txt="")
    project.program("")
    project.pulumi("install")
    assert (project.directory / "new" / "bin" / "python").exists()
    assert (project.directory / "new" / "bin" / "pip").exists()


@contextmanager
def host(engine: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The language host by itself, and its port."""
    with subprocess.Popen(
        [engine / "pulumi-language-python", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize("name", ["pulumi-language-python", "pulumi-resource-random"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_both_programs_leave_quietly_when_the_engine_ends_them(engine: Path, name: str, how: signal.Signals) -> None:
    with subprocess.Popen([engine / name, "127.0.0.1:1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.send_signal(how)
        assert process.communicate(timeout=10) == (b"", b"")
    assert process.returncode == 0


def test_a_program_does_not_outlive_an_engine_that_was_killed(engine: Path) -> None:
    code = (
        "import os, subprocess, sys\n"
        "subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE).stdout.readline()\n"
        "os._exit(0)"
    )
    command = [sys.executable, "-c", code, str(engine / "pulumi-resource-random"), "127.0.0.1:1"]
    # This returns when nobody has stderr any more.
    done = subprocess.run(command, stderr=subprocess.PIPE, timeout=20, check=True)
    assert done.stderr == b""


def run_plugin(port: int, directory: Path) -> Iterator[pb.RunPluginResponse]:
    info = pb.ProgramInfo(root_directory=str(directory), program_directory=str(directory), entry_point=".")
    info.options.update({"virtualenv": str(directory / "venv")})
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    stub = language_pb2_grpc.LanguageRuntimeStub(channel)
    environment = [f"{key}={value}" for key, value in os.environ.items()]
    call: Iterator[pb.RunPluginResponse] = stub.RunPlugin(
        pb.RunPluginRequest(info=info, pwd=str(directory), args=["one", "two"], env=[*environment, "X=a=b"])
    )
    return call


def test_a_plugin_gets_its_arguments_and_environment_and_gives_its_output_and_code(
    engine: Path, tmp_path: Path
) -> None:
    virtualenv(tmp_path / "venv")
    write(
        tmp_path,
        main_py="""
        import os, sys
        print(sys.argv[1:], os.environ["X"], os.environ["VIRTUAL_ENV"], os.getcwd(), file=sys.stderr)
        print("out")
        sys.exit(3)
        """,
    )
    with host(engine) as (_, port):
        answers = list(run_plugin(port, tmp_path))
    assert b"".join(answer.stdout for answer in answers) == b"out\n"
    said = b"".join(answer.stderr for answer in answers).decode()
    assert said == f"['one', 'two'] a=b {tmp_path}/venv {tmp_path}\n"
    assert answers[-1].exitcode == 3


def test_a_plugin_ends_when_its_call_is_cancelled(engine: Path, tmp_path: Path) -> None:
    virtualenv(tmp_path / "venv")
    os.mkfifo(tmp_path / "alive")
    write(tmp_path, main_py="import time; alive = open('alive', 'w'); print(1, flush=True); time.sleep(60)")
    with host(engine) as (_, port):
        call = run_plugin(port, tmp_path)
        with (tmp_path / "alive").open() as alive:
            assert next(call).stdout.startswith(b"1")
            call.cancel()  # type: ignore[attr-defined]
            assert alive.read() == ""  # which is when nobody has it open for writing any more


def test_a_directory_without_a_plugin_is_refused_in_one_sentence(engine: Path, tmp_path: Path) -> None:
    virtualenv(tmp_path / "venv")
    with host(engine) as (_, port), pytest.raises(grpc.RpcError) as caught:
        list(run_plugin(port, tmp_path))
    assert "plugin is not runnable, it provides neither __main__.py" in str(caught.value)


def test_without_the_option_the_python_is_the_one_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("python", "python3", "python3.99"):
        (tmp_path / name).symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PULUMI_PYTHON_CMD", raising=False)
    assert interpreter(pb.ProgramInfo()).command == str(tmp_path / "python3")
    (tmp_path / "python3").unlink()
    assert interpreter(pb.ProgramInfo()).command == str(tmp_path / "python")
    monkeypatch.setenv("PULUMI_PYTHON_CMD", "python3.99")
    assert interpreter(pb.ProgramInfo()).command == str(tmp_path / "python3.99")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(RefusedError, match="failed to locate any of"):
        interpreter(pb.ProgramInfo())


@pytest.mark.parametrize("options", [{"toolchain": "uv"}, {"typechecker": "mypy"}, {"virtualenv": True}])
def test_an_option_that_is_not_served_is_refused(options: dict[str, object]) -> None:
    info = pb.ProgramInfo()
    info.options.update(options)
    with pytest.raises(RefusedError):
        interpreter(info)


def test_activation_leads_path_and_removes_pythonhome(tmp_path: Path) -> None:
    venv.EnvBuilder(symlinks=True).create(tmp_path / "v")
    info = pb.ProgramInfo(root_directory=str(tmp_path))
    info.options.update({"virtualenv": "v"})
    activated = interpreter(info).environment({"PATH": "/a:/b", "PYTHONHOME": "/c", "VIRTUAL_ENV": "/d", "E": "f"})
    assert activated == {"PATH": f"{tmp_path}/v/bin:/a:/b", "VIRTUAL_ENV": f"{tmp_path}/v", "E": "f"}


@pytest.mark.parametrize(
    ("package", "plugin", "expected"),
    [
        (("pulumi_random", "4.21.4"), {"resource": True, "name": "random", "version": "4.21.4"}, ("random", "v4.21.4")),
        (("acme", "1.0"), {"resource": True, "name": "acme", "server": "https://x"}, ("acme", "v1.0.0")),
        (("pulumi-aws", "6.1.0rc2"), None, ("aws", "v6.1.0-rc.2")),
        (("pulumi-aws", "6.1.0"), {"resource": False}, None),
        (("pulumi_policy", "1.21.0"), None, None),
        (("pulumi", "3.272.0"), None, None),
        (("requests", "2.0"), None, None),
        (("pulumi-odd", "1!2.0"), None, None),
    ],
)
def test_the_plugin_a_package_needs_is_read_from_it(
    package: tuple[str, str], plugin: dict[str, object] | None, expected: tuple[str, str] | None
) -> None:
    found = dependency({"name": package[0], "version": package[1], "plugin": plugin})
    assert (found and (found.name, found.version)) == expected
    assert found is None or (found.kind, found.server) == ("resource", (plugin or {}).get("server", ""))


def test_the_parameters_of_a_plugin_are_passed_on() -> None:
    parameters = {"name": "b", "version": "2", "value": "aGk="}
    plugin = {"resource": True, "name": "a", "version": "1.0.0", "parameterization": parameters}
    found = dependency({"name": "a", "version": "1", "plugin": plugin})
    assert found is not None
    assert found.parameterization == plugin_pb2.PackageParameterization(name="b", version="2", value=b"hi")


@pytest.mark.parametrize(
    ("number", "expected"),
    [("1", "1.0.0"), ("1.2b3", "1.2.0-beta.3"), ("1.2.3a4", "1.2.3-alpha.4"), ("1.2.post1", None)],
)
def test_versions_of_packages_become_versions_of_plugins(number: str, expected: str | None) -> None:
    assert plugin_version(number) == expected


def test_what_another_package_requires_is_not_at_the_top() -> None:
    packages = [{"name": "A_b", "requires": []}, {"name": "c", "requires": ["a.B"]}]
    assert [package["name"] for package in top_level(packages)] == ["c"]
