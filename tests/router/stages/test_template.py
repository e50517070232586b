"""Stage `template`."""

from growqr_router.stages.template import placeholder_stems


def test_a_whole_message_that_the_pack_spells_out_is_settled(read):
    verdict = read("Renew it!").verdict
    assert (verdict.winner, verdict.reason) == ("loan.renew", "exact_template")


def test_a_message_with_one_word_more_is_not(read):
    assert read("renew it tomorrow").verdict is None


def test_a_slot_stands_for_its_words(default):
    stems = placeholder_stems(default.read("mock interview for a junior welder at Tesco"))
    assert stems == ["mock", "interview", "for", "a", "<target_role>", "at", "<company_name>"]
