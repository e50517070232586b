"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The signed-in person, as the embedding application knows them."""

    user_id: str
    org_id: str
    email: str | None = None
    role: str = "seeker"
    """`seeker` or `admin`."""
    name: str | None = None
    candidate_profile: str | None = None
    """A short factual profile that the person has opted in to share with the interviewer."""
