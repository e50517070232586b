"""The page's files, with the policy that lets it load nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


def page_routes(websocket: str | None) -> list[BaseRoute]:
    """The page at `/` and its files below `/playground/`; `websocket` is the sandbox's origin, which it may reach."""
    policy = _policy(websocket)
    static = sorted(files("growqr_app.playground").joinpath("static").iterdir(), key=lambda file: file.name)
    routes: list[BaseRoute] = []
    for file in static:
        path = "/" if file.name == "index.html" else f"/playground/{file.name}"
        media = _TYPES[file.name[file.name.rindex(".") :]]
        routes.append(Route(path, _file(file.read_bytes(), media, policy), methods=["GET"]))
    return routes


def _policy(websocket: str | None) -> str:
    """Of the page: its own files, its own server, and the sandbox's live sessions."""
    reach = f"'self' {websocket}" if websocket else "'self'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        f"connect-src {reach}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _file(content: bytes, media: str, policy: str) -> Callable[[Request], Awaitable[Response]]:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}

    async def answer(request: Request) -> Response:
        request.state.endpoint = request.url.path
        return Response(content, headers=headers, media_type=media)

    return answer
