"""Live rules: a changed pack is taken when it passes the checks, else refused with its errors."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from growqr_app.server.metrics import Metrics
from growqr_router import Router
from growqr_rules import Pack, Problem, RulesError, load_pack
from growqr_rules.loading import content_hash
from growqr_testkit.golden import load_conversations, run

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """A changed pack that is not in force."""

    hash: str
    errors: tuple[str, ...]


class LiveRules:
    """The rules in force, and the folder that they come from."""

    def __init__(self, folder: Path | None, goldens: Path | None, metrics: Metrics) -> None:
        """Load the pack in `folder` (default: the one that ships); `goldens` are what a changed one must keep.

        Raises:
            RulesError: the pack cannot be used.
        """
        self.router = (Router(load_pack(folder)) if folder else Router.default()).warm()
        self.refused: Refused | None = None
        if problems := _wordless(self.router.pack):
            raise RulesError(problems)
        self._goldens = goldens
        self._metrics = metrics
        self._show()

    async def watch(self, interval: float, take: Callable[[Router], None]) -> None:
        """Look at the folder every `interval` seconds, for ever; `take` puts new rules in force."""
        while True:
            await asyncio.sleep(interval)
            await self.look(take)

    async def look(self, take: Callable[[Router], None]) -> None:
        """Look once. A folder that is being written to is left for the next look."""
        folder = self.router.pack.folder
        if folder is None:
            return
        try:
            present = await asyncio.to_thread(content_hash, folder)
            if present in (self.router.pack.hash, self.refused.hash if self.refused else None):
                return
            router = await asyncio.to_thread(self._checked, folder)
            if await asyncio.to_thread(content_hash, folder) != router.pack.hash:
                return
        except OSError as error:
            _LOG.warning("the pack cannot be read", folder=str(folder), reason=error.strerror)
            return
        except RulesError as error:
            self._refuse(present, [str(problem) for problem in error.problems])
            return
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a changed pack, the old one serves on
            self._refuse(present, [f"{folder}: {type(error).__name__}: {error}"])
            return
        take(router)
        self.router, self.refused = router, None
        self._metrics.reloaded("taken")
        self._show()
        _LOG.info("rules reloaded", hash=router.pack.hash, version=router.pack.manifest.version)

    def _refuse(self, content: str, errors: list[str]) -> None:
        _LOG.error("changed rules refused; the old ones serve on", hash=content, errors=errors)
        folders = [folder for folder in (self.router.pack.folder, self._goldens) if folder is not None]
        for folder in folders:  # where they are on this machine is nobody's business
            errors = [error.replace(f"{folder.parent}{os.sep}", "") for error in errors]
        self.refused = Refused(content, tuple(errors))
        self._metrics.reloaded("refused")

    def _checked(self, folder: Path) -> Router:
        """A router of the changed pack. Raises `RulesError` when it must not be put in force."""
        pack = load_pack(folder)
        if problems := [*_lost(self.router.pack, pack), *_wordless(pack)]:
            raise RulesError(problems)
        router = Router(pack).warm()
        if problems := self._broken(router):
            raise RulesError(problems)
        return router

    def _broken(self, router: Router) -> list[Problem]:
        if self._goldens is None:
            return []
        results = run(load_conversations([self._goldens]), router=router)
        return [
            Problem("R902", r.conversation.file, d.line, d.key, f"expected {d.expected!r}, got {d.got!r}")
            for r in results
            for d in r.differences
        ]

    def _show(self) -> None:
        manifest = self.router.pack.manifest
        self._metrics.rules(manifest.name, manifest.version, self.router.pack.hash)


def _wordless(pack: Pack) -> list[Problem]:
    """Routes away and readings that could not be spoken of. A pack without a workflow speaks of nothing."""
    if pack.workflow is None:
        return []
    away = [route for route in pack.manifest.routes if route != pack.manifest.home]
    needed = [f"{kind}_{route}" for route in away for kind in ("handoff", "agent")]
    needed += [f"option_{name}" for name in pack.classes]
    said = "is missing: a hand-off, or a clarifying question, is told with it"
    return [Problem("R903", f"{pack.folder}/replies", 0, name, said) for name in needed if name not in pack.replies]


def _lost(old: Pack, new: Pack) -> list[Problem]:
    """What conversations under way need and a changed pack no longer has."""
    needed = {
        "states": (old.manifest.states, new.manifest.states),
        "roles": (old.manifest.roles, new.manifest.roles),
        "routes": (old.manifest.routes, new.manifest.routes),
        "replies": (old.replies, new.replies),
        "workflow": (["workflow"] if old.workflow else [], ["workflow"] if new.workflow else []),
    }
    return [
        Problem("R901", str(new.folder), 0, key, f"{name!r} is gone, and a running server needs it")
        for key, (had, has) in needed.items()
        for name in had
        if name not in has
    ]
