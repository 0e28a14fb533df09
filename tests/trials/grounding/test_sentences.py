from __future__ import annotations

from playbook.trials.grounding.sentences import LONGEST_TEXT, plain, sentences, squashed


def test_abbreviations_do_not_end_a_sentence_and_lines_do() -> None:
    assert sentences("See Art. 5 of it.\nOpen till 6 p.m. on Monday. Then go.") == (
        "See Art. 5 of it.",
        "Open till 6 p.m. on Monday.",
        "Then go.",
    )


def test_a_marker_after_a_full_stop_belongs_to_the_sentence_before() -> None:
    assert sentences("It is 30. [1] It ends.") == ("It is 30. [1]", "It ends.")


def test_a_long_text_is_cut_even_where_its_plain_form_is_longer() -> None:
    assert len(plain("\ufdfa" * LONGEST_TEXT)) == LONGEST_TEXT


def test_only_letters_and_digits_are_left_of_a_squashed_text() -> None:
    assert squashed("A\u00a0b-\uff11!") == "ab1"
