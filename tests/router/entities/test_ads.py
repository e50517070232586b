from __future__ import annotations

AD = """Night Porter - The Grand, Bath
Responsibilities: greet late arrivals, walk the floors, keep the log.
Requirements: full driving licence, two years in hotels.
Salary 24k plus meals."""


def test_a_pasted_ad_is_kept_word_for_word(slots):
    found = slots(f"make me a mock from this ad:\n\n{AD}\n\n10 minutes please")
    assert found["job_description"] == AD
    assert (found["target_role"], found["duration_minutes"]) == ("night porter", 10)


def test_credentials_in_an_ad_are_dropped(slots):
    found = slots(f"the job description:\n{AD}\nPortal password: hunter2")
    assert "hunter2" not in found["job_description"]


def test_talk_is_no_ad(slots):
    assert "job_description" not in slots(
        "I have experience with shifts and a driving licence, can you run a mock? Ask me hard things."
    )
