"""What an operator asks: is it up, can it work, what are its rules, what did it do?"""

from __future__ import annotations

from starlette.responses import Response

from growqr_app.server.asked import Asked
from growqr_app.server.decisions import PackView
from growqr_app.server.metrics import MEDIA_TYPE
from growqr_app.server.models import Health, Ready, RefusedPack, RulesView
from growqr_app.server.problems import ApiProblem, FieldError
from growqr_app.server.readiness import CHECKS
from growqr_router import Router


async def alive(_asked: Asked) -> Health:
    """Always, while anything is answered at all."""
    return Health()


async def ready(asked: Asked) -> Ready:
    """The store answers, the interview-service can be reached, and rules are in force."""
    failing = await asked.backend.readiness.failing()
    if failing:
        errors = [FieldError(field=name, message="does not answer") for name in failing]
        raise ApiProblem(503, "not_ready", f"Failing: {', '.join(failing)}.", errors=errors)
    return Ready(checks=[*CHECKS, "pack"], pack=_pack(asked.backend.router))


async def show_rules(asked: Asked) -> RulesView:
    """The rules in force, and what was wrong with a changed pack that is not."""
    refused = asked.backend.rules.refused
    told = RefusedPack(hash=refused.hash, errors=list(refused.errors)) if refused else None
    return RulesView(pack=_pack(asked.backend.router), refused=told)


async def metrics(asked: Asked) -> Response:
    """Counts and times."""
    return Response(asked.backend.metrics.text(), media_type=MEDIA_TYPE)


def _pack(router: Router) -> PackView:
    manifest = router.pack.manifest
    return PackView(name=manifest.name, version=manifest.version, hash=router.pack.hash)
