"""Steps of assignment workflows."""

from __future__ import annotations

from growqr_workflows.planning.turn import Turn
from growqr_workflows.service import models
from growqr_workflows.step import Send, Step, refuse

_NEEDED = {
    "emails": "the e-mail addresses",
    "target_role": "the role",
    "round": "the round (warm-up, behavioral or technical)",
}


def create(turn: Turn) -> Step:
    """Assign an interview; what is missing is asked for, all at once."""
    slots = turn.slots
    missing = [name for name in _NEEDED if not slots.get(name)]
    if missing:
        asked = turn.request(expects=missing[0])
        rest = [_NEEDED[name] for name in missing]
        if "emails" in missing:
            return Step("ask_emails", kind="question", facts={"also": " and ".join(rest[1:]) or None}, asked=asked)
        return Step("ask_assign_rest", kind="question", facts={"missing": " and ".join(rest)}, asked=asked)
    body = models.AssignRequest(
        organization_id=turn.principal.org_id,
        role=slots["target_role"],
        round=slots["round"],
        assignee_emails=slots["emails"],
    )
    return Step(send=Send("create_assignments", "make the assignment", {"request": body}), request=turn.request())


def assignment_lookup(emails: list[str]) -> Send:
    """The GET that tells whether an assignment of unknown outcome was made. A batch is made as a whole."""
    return Send("list_assignments", "check the assignments", {"email": emails[0], "status": "all", "limit": None})


def show(turn: Turn) -> Step:
    """List a person's assignments: an admin anybody's, others their own."""
    slots = turn.slots
    email = (slots.get("emails") or [turn.principal.email])[0]
    if email is None:
        return Step("ask_own_email", kind="question", asked=turn.request(expects="emails"))
    if turn.principal.role != "admin" and email != (turn.principal.email or "").lower():
        return refuse("refuse_other")
    arguments = {"email": email, "status": slots.get("status"), "limit": slots.get("limit")}
    return Step(send=Send("list_assignments", "list the assignments", arguments), request=turn.request())


def pointed_at(turn: Turn, role: str) -> list[str]:
    """Which of one's own assignments, just listed, "that one" or "the nurse one" may be; none where nothing points.

    `role` is the one that the message states, lower case; may be empty.
    """
    snapshot = turn.snapshot
    first, second = turn.cue("first_choice"), turn.cue("second_choice")
    elsewhere = turn.principal.role == "admin" or turn.slots.get("company_name")  # an assignment has no company
    if elsewhere or not (first or second or turn.cue("that_one")):
        return []
    alike = [i for i in snapshot.listed if role in snapshot.assignments[i].role.lower()]
    if role or not (first or second):
        return alike
    return alike[:1] if first else alike[1:2]


def ask_assignment(turn: Turn, meant: list[str]) -> Step:
    """Which of these assignments the practice is for."""
    known = turn.snapshot.assignments
    lines = [f"- {i}: {known[i].role}, {known[i].round.replace('_', '-')} round" for i in meant]
    asked = turn.request(expects="assignment_ids")
    return Step("ask_assignment", kind="question", facts={"assignments": "\n".join(lines)}, asked=asked)


def unassign(turn: Turn) -> Step:
    """Take assignments back, by address."""
    emails = turn.slots.get("emails")
    if not emails:
        return Step("ask_unassign_emails", kind="question", asked=turn.request(expects="emails"))
    body = models.UnassignRequest(organization_id=turn.principal.org_id, emails=emails)
    return Step(send=Send("unassign", "take the assignment back", {"request": body}), request=turn.request())


def results(turn: Turn) -> Step:
    """Results of assignment ids."""
    ids = turn.slots.get("assignment_ids")
    if not ids:
        return Step("ask_results_ids", kind="question", asked=turn.request(expects="assignment_ids"))
    body = models.ResultsRequest(organization_id=turn.principal.org_id, assignment_ids=ids)
    return Step(send=Send("results_bulk", "get the results", {"request": body}), request=turn.request())
