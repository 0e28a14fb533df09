"""A closed list is ticked word by word; not known is neither empty nor no."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playbook.widgets.word_list import WordList
from tests.widgets.builders import HOSTILE

WORDS = ("phi", "personal", "secrets")


def a_list(value: tuple[str, ...] | None, *, optional: bool = True) -> WordList:
    return WordList(WORDS, value, optional=optional, description="data types", tooltip="Types")


def said(one: WordList) -> str:
    return str(one.children[0].value)


def test_not_known_and_none_of_these_are_told_apart() -> None:
    unknown, none, two = a_list(None), a_list(()), a_list(("phi", "secrets"))

    assert [one.value for one in (unknown, none, two)] == [None, (), ("phi", "secrets")]
    assert "? not known" in said(unknown)
    assert "none of these" in said(none)
    assert "2 chosen" in said(two)
    assert [one.unknown.value for one in (unknown, none, two)] == [True, False, False]


def test_a_word_ticked_rules_out_not_known() -> None:
    one = a_list(None)

    one.boxes["personal"].value = True

    assert one.value == ("personal",)
    assert one.unknown.value is False


def test_the_last_word_taken_away_leaves_none_of_these() -> None:
    one = a_list(("phi",))

    one.boxes["phi"].value = False

    assert one.value == ()


def test_not_known_takes_every_word_away_in_one_change() -> None:
    one = a_list(("phi", "secrets"))
    seen = []
    one.observe(lambda change: seen.append(change["new"]), names="value")

    one.unknown.value = True

    assert seen == [None]
    assert not any(box.value for box in one.boxes.values())


def test_a_field_that_is_always_known_has_no_box_for_not_known() -> None:
    one = a_list((), optional=False)

    one.boxes["phi"].value = True

    assert one.unknown is None
    assert one.value == ("phi",)


@given(st.lists(st.sampled_from([*WORDS, "?"]), max_size=12))
def test_the_value_is_what_the_boxes_show_after_any_clicks(clicks: list[str]) -> None:
    one = a_list(None)

    for name in clicks:
        box = one.unknown if name == "?" else one.boxes[name]
        box.value = not box.value

    ticked = tuple(word for word, box in one.boxes.items() if box.value)
    assert one.value == (None if one.unknown.value else ticked)
    assert not (one.unknown.value and ticked)


def test_a_label_stays_text() -> None:
    one = WordList(WORDS, None, optional=True, description=HOSTILE, tooltip="")

    assert HOSTILE not in said(one)
