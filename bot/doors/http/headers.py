"""The headers every response of the web door carries: what a browser may do with it, and which origins may call."""

from __future__ import annotations

from collections.abc import Sequence

from sanic import Request
from sanic.response import BaseHTTPResponse

# A page of ours loads from our own origin only, runs no inline script and posts nowhere else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


class Headers:
    """Adds the headers; `origins` may call from a browser and may hold our pages in a frame."""

    def __init__(self, origins: Sequence[str]) -> None:
        """Make what is the same for all."""
        self._origins = frozenset(origins)
        self._fixed = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": POLICY + " ".join(["'self'", *sorted(origins)]),
        }

    async def add(self, request: Request, response: BaseHTTPResponse) -> None:
        """Add them to a response; what a handler set already stays."""
        for name, value in {**self._fixed, "Cache-Control": "no-store"}.items():
            response.headers.setdefault(name, value)
        response.headers.pop("Access-Control-Allow-Credentials", None)  # Rasa's; no call of ours from elsewhere has any
        vary = response.headers.get("Vary")
        response.headers["Vary"] = f"{vary}, Origin" if vary else "Origin"
        origin = request.headers.get("origin")
        if origin in self._origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            if request.method == "OPTIONS":
                response.headers.update(PREFLIGHT)
