"""Where each part of a pack stands: file and line, for reports about rules."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from growqr_rules.source import Key, Source, read_yaml

_TABLES = {"concepts": "concepts", "replies": "replies"}
"""Parts that are spread over the files of a folder, an id to a key."""
_FOLDERS = {"intents": "intents", "routes": "routes", "entities": "entities"}
"""Parts of which each id is a file."""
_FILES = {"pack": "pack.yaml", "workflow": "workflow.yaml", "cues": "cues.yaml"}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file."""

    file: str
    line: int
    """1-based."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Places:
    """The lines of a pack's folder. Files are read when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[Path, Source | None] = {}

    def of(self, part: str, *path: Key) -> Place:
        """Where `path` of a part stands, or the nearest thing around it.

        Args:
            part: `pack`, `workflow`, `cues`, `concepts`, `replies`, `intents`, `routes` or `entities`.
            path: the keys as they are written, from the id on: `"draft.approve", "vetoes", "not-yet"`.
        """
        if part in _FOLDERS:
            return self._place(self._folder / _FOLDERS[part] / f"{path[0]}.yaml", path[1:])
        if part in _FILES:
            return self._place(self._folder / _FILES[part], path)
        folder = self._folder / _TABLES[part]
        holding = (file for file in sorted(folder.glob("*.yaml")) if self._holds(file, path[0]))
        return self._place(next(holding, folder), path)

    def _holds(self, file: Path, key: Key) -> bool:
        source = self._source(file)
        return source is not None and (key,) in source.lines

    def _place(self, file: Path, path: tuple[Key, ...]) -> Place:
        source = self._source(file)
        return Place(str(file), source.line(path) if source else 1)

    def _source(self, file: Path) -> Source | None:
        if file not in self._sources:
            self._sources[file] = read_yaml(file, []) if file.is_file() else None
        return self._sources[file]
