from __future__ import annotations

from playbook.trials.grounding.matching import holds_fact, is_verbatim, names_in, quotes_in


def test_a_fact_with_a_name_and_a_number_needs_both() -> None:
    assert holds_fact("Give 20 mg of Velorin.", "Velorin 20 mg")
    assert not holds_fact("Give 20 mg of Maravel.", "Velorin 20 mg")
    assert not holds_fact("Give 30 mg of Velorin.", "Velorin 20 mg")


def test_a_part_of_a_word_is_no_fact() -> None:
    assert not holds_fact("an unwritten notice", "written notice")


def test_short_quotes_are_left_out() -> None:
    assert quotes_in('"no" and "not at all times"') == ("not at all times",)


def test_a_quote_may_differ_in_case_and_punctuation_only() -> None:
    assert is_verbatim("Hotels, are paid", "all hotels are paid.")
    assert not is_verbatim("hotels are paid", "hotels are not paid")


def test_days_and_first_words_are_no_names() -> None:
    assert names_in("Staff call Otter Bay on Monday") == ("Otter Bay",)
