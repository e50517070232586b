from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("assign a technical to Ana <ANA@x.org>; bo@x.org, ana@x.org", ["ana@x.org", "bo@x.org"]),
        ("assign it to a@x.org and cc me at boss@x.org", ["a@x.org"]),
        ("everyone but not c@x.org: a@x.org, b@x.org", ["a@x.org", "b@x.org"]),
        ("send the HR round to sarah dot lim at acme dot com", ["sarah.lim@acme.com"]),
        ("assign to a@x.org. Regards, Kim (kim@x.org)", ["a@x.org"]),
    ],
)
def test_addresses_that_are_acted_on(slots, text, emails):
    assert slots(text, "assignment.create").get("emails") == emails


@pytest.mark.parametrize(
    ("text", "intent", "slot", "value"),
    [
        ("show the review of session sess_9c41ab", "review.show", "session_id", "sess_9c41ab"),
        (
            "review 3f1c9a52-7d04-4be1-9c2e-0a41b7d5e688",
            "review.show",
            "session_id",
            "3f1c9a52-7d04-4be1-9c2e-0a41b7d5e688",
        ),
        ("score of session 88213", "review.show", "session_id", "88213"),
        ("results of asg_1, asg_2 and asg_3", "assignment.results", "assignment_ids", ["asg_1", "asg_2", "asg_3"]),
        ("assignments 31, 32, 33: results", "assignment.results", "assignment_ids", ["31", "32", "33"]),
        ("start practice from assignment AX-77", "practice.start", "assignment_ids", ["AX-77"]),
    ],
)
def test_ids_by_prefix_shape_and_neighbourhood(slots, text, intent, slot, value):
    assert slots(text, intent).get(slot) == value


@pytest.mark.parametrize("text", ["how did I do in round 2", "show my top 10", "my score on 24/7 support"])
def test_plain_numbers_are_no_ids(slots, text):
    assert "session_id" not in slots(text, "review.show")
