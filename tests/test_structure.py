"""The shape of the repository: what may be imported where, and that the wheel stands on its own."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CARD_FOLDERS = ("rules", "router", "workflows", "fixtures", "app")
PACKAGES = {
    "rules": "growqr_rules",
    "router": "growqr_router",
    "workflows": "growqr_workflows",
    "fixtures": "growqr_testkit",
    "app": "growqr_app",
}


def _importers(package: Path, engine: str) -> list[str]:
    """The modules below `package` that import `engine`, at the top or inside a function."""
    return sorted(
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if engine in _imported(ast.parse(path.read_text(encoding="utf-8")))
    )


def _imported(tree: ast.AST) -> set[str]:
    """The first parts of the names of all modules that `tree` imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("folder", [*CARD_FOLDERS, "tests"])
def test_card_folders_are_no_packages(folder):
    """An `__init__.py` there would shadow packages that are called `rules` or `fixtures` elsewhere."""
    assert not (ROOT / folder / "__init__.py").exists()


@pytest.mark.parametrize(("folder", "package"), PACKAGES.items())
def test_each_card_folder_holds_one_typed_package(folder, package):
    packages = [path.parent.name for path in (ROOT / folder).glob("*/__init__.py")]
    assert packages == [package]
    assert (ROOT / folder / package / "py.typed").exists()


@pytest.mark.parametrize("package", PACKAGES.values())
def test_package_inits_hold_exports_only(package):
    (path,) = ROOT.glob(f"*/{package}/__init__.py")
    allowed = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign)
    assert [node for node in ast.parse(path.read_text(encoding="utf-8")).body if not isinstance(node, allowed)] == []


def test_importing_the_router_loads_no_web_or_workflow_library():
    """Embedding the router costs nobody an HTTP client, a server or a state machine."""
    unwanted = ["httpx", "transitions", "starlette", "uvicorn", "websockets", "typer", "growqr_workflows"]
    code = f"import sys, growqr_router; print([name for name in {unwanted!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("package", "engine", "module"),
    [
        ("router/growqr_router", "spacy", "tokenise.py"),
        ("workflows/growqr_workflows", "transitions", "machine.py"),
        ("workflows/growqr_workflows", "httpx", "service/client.py"),
        ("app/growqr_app", "opentelemetry", "server/tracing.py"),
        ("app/growqr_app", "prometheus_client", "server/metrics.py"),
    ],
)
def test_each_engine_is_fenced_in_one_module(package, engine, module):
    assert _importers(ROOT / package, engine) == [module]


@pytest.mark.parametrize("package", ["rules/growqr_rules", "router/growqr_router"])
@pytest.mark.parametrize("engine", ["httpx", "transitions", "starlette", "uvicorn", "websockets", "rich", "typer"])
def test_rules_and_router_know_no_engine_of_the_upper_rooms(package, engine):
    assert _importers(ROOT / package, engine) == []


@pytest.mark.parametrize("package", ["rules/growqr_rules", "router/growqr_router", "workflows/growqr_workflows"])
def test_nothing_below_the_testkit_imports_it(package):
    assert _importers(ROOT / package, "growqr_testkit") == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel that was built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_packages_with_their_data_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == set(PACKAGES.values())
    assert "growqr_rules/packs/interview_en/pack.yaml" in names
    assert "growqr_app/demo.yaml" in names


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Runs a command of a fresh environment that holds the wheel and pytest, in a folder of its own."""
    environment = tmp_path_factory.mktemp("fresh") / "env"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, "pytest>=8.3"]
    subprocess.run([environment / "bin" / "python", *install], check=True, cwd=environment)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE", "GROWQR"))}

    def run(folder, command, *arguments):
        line = [environment / "bin" / command, *arguments]
        return subprocess.run(line, cwd=folder, env=clean, capture_output=True, text=True, check=False)

    return run


@pytest.mark.wheel
def test_the_wheel_plays_the_demo_in_a_fresh_environment(installed, tmp_path):
    """Installed from the wheel, away from the checkout, `growqr demo` reaches `reviewed`."""
    done = installed(tmp_path, "growqr", "demo")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[reviewed]" in done.stdout


@pytest.mark.wheel
def test_one_yaml_file_and_pytest_are_a_project(installed, tmp_path):
    """The wheel, a golden and `pytest`: conversations are run, and a failure can be understood at first reading."""
    golden = tmp_path / "nurse.golden.yaml"
    golden.write_text(
        "- name: holds\n  turns: [{user: fix my resume, expect: {route: resume}}]\n"
        "- name: differs\n  turns:\n    - user: fix my resume\n      expect:\n        route: interview\n",
        encoding="utf-8",
    )
    done = installed(tmp_path, "pytest", "-W", "error", "--strict-markers")
    assert (done.returncode, done.stderr) == (1, "")
    told = (
        "nurse.golden.yaml:3  differs\n  turn 1, in state none: fix my resume\n    nurse.golden.yaml:7  route\n"
        "      expected  interview\n      got       resume\n    why: read as resume by "
    )
    for part in (
        told,
        "FAILED nurse.golden.yaml::differs - turn 1, route: expected interview, got r",
        "1 failed, 1 passed",
    ):
        assert part in done.stdout
    assert "Traceback" not in done.stdout
    assert installed(tmp_path, "pytest", "-k", "holds", "-q").returncode == 0


@pytest.mark.wheel
def test_the_examples_of_embedding_run_in_a_fresh_environment(installed, tmp_path):
    """Those of the README, with nothing installed but the wheel; and the server's settings can be shown."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for example in re.findall(r"```python\n(.*?)```", readme, re.DOTALL):
        done = installed(tmp_path, "python", "-c", example)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout
    assert '"db": ":memory:"' in installed(tmp_path, "growqr", "config", "--json").stdout
