"""A virtual environment for each router, so that none sees another's packages."""

from __future__ import annotations

import hashlib
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

_READY = ".ready"
_PATIENCE = 1800
"""Seconds that one installation may take."""


class Failed(Exception):
    """A step did not work; the message is the last line of what was said."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a router is installed."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def install(self, requirements: tuple[str, ...], *, again: bool) -> None:
        """Install the requirements, unless they are there already and it is not to be done `again`.

        Raises:
            Failed: the index does not give them, or not for this Python.
        """
        wanted = hashlib.sha256("\n".join(requirements).encode()).hexdigest()
        mark = self.folder / _READY
        if not again and mark.exists() and mark.read_text(encoding="utf-8") == wanted:
            return
        venv.create(self.folder, clear=True, with_pip=True)
        self.add(requirements)
        mark.write_text(wanted, encoding="utf-8")

    def add(self, requirements: tuple[str, ...]) -> None:
        """Install more. Raises `Failed`."""
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, *requirements], patience=_PATIENCE)

    def megabytes(self) -> float:
        """The size of all that was installed, without pip."""
        packages = next((self.folder / "lib").glob("python*/site-packages"))
        tools = {"pip", "setuptools", "pkg_resources", "_distutils_hack"}
        files = (path for path in packages.rglob("*") if path.is_file() and not path.is_symlink())
        kept = (path for path in files if path.relative_to(packages).parts[0].split("-")[0] not in tools)
        return sum(path.stat().st_size for path in kept) / 2**20

    def versions(self, *names: str) -> str:
        """`name version` of the packages, in that order."""
        code = "import sys, importlib.metadata as m; print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
        return run([str(self.python), "-c", code, *names], patience=60).strip()


def run(command: list[str], *, patience: float, stdin: str = "", **environment: str) -> str:
    """What a command prints.

    Raises:
        Failed: it fails, or takes longer than `patience` seconds.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the commands are this bench's own
            command, input=stdin, capture_output=True, text=True, encoding="utf-8", check=False,
            timeout=patience, env=environment or None,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Failed(f"took longer than {patience:.0f} s") from error
    if done.returncode != 0:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in said if line.startswith("ERROR")]
        raise Failed((errors or said or [f"exit code {done.returncode}"])[-1])
    return done.stdout
