"""A scan says which rule and where, never what; any text is read, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.trials.scanning import RULES, Hit, rules_by_id, scan
from playbook.vocabulary import DataClass
from tests.trials.scanning.planted import lines

LONGEST_MESSAGE = 400_000
HOSTILE = {
    "one letter": "a",
    "one digit": "1",
    "lone digits": "1 ",
    "groups of a card": "4444 ",
    "groups of a telephone number": "0123 456 789 ",
    "telephone numbers": "212 555 0123 ",
    "labels": "mrn: ",
    "passwords without a value": "password is ",
    "halves of an e-mail address": "a@",
    "dots": "1.",
    "colons": "a:",
    "beginnings of a key": "-----BEGIN PRIVATE" + " KEY-----",
    "beginnings of a token": "eyJaaaaaaaaaaa.",
    "addresses": "aa://b:",
    "beginnings of an account": "DE12 ",
    "zero width": "1\u200b",
    "full width": "\uff11",
    "opening brackets": "(",
    "spaces": " ",
}


def test_a_hit_holds_numbers_and_the_rule_and_no_text() -> None:
    for line in lines():
        for hit in scan(line.text):
            value = line.text[hit.start : hit.end]
            assert set(vars(hit)) == {"message", "start", "end", "rule"}
            assert value not in repr(hit) or len(value) < 3


def test_places_are_those_of_the_text_as_it_was_sent() -> None:
    text = "\u200bSSN \uff15\uff12\uff13-\u200b84-1967, ok"

    (hit,) = scan(text, message=2)

    assert hit == Hit(2, text.index("\uff15"), text.index(","), "us_ssn")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_of_the_longest_message_is_read_in_seconds(kind: str) -> None:
    text = (HOSTILE[kind] * LONGEST_MESSAGE)[:LONGEST_MESSAGE]
    begun = time.process_time()

    scan(text)

    assert time.process_time() - begun < 20  # a few seconds on an idle core; hours if it explodes


@given(st.text(max_size=400))
def test_any_text_is_read_and_places_lie_within_it(text: str) -> None:
    for hit in scan(text):
        assert 0 <= hit.start < hit.end <= len(text)


@given(
    st.text(
        alphabet="0123456789 .-+()/:@_=<>Aa\n\u200b\uff11\u0130passwordDEGBssnIBAN", max_size=300
    )
)
def test_a_text_made_of_parts_of_values_is_read(text: str) -> None:
    for hit in scan(text):
        assert 0 <= hit.start < hit.end <= len(text)


@given(st.sampled_from([one for one in lines() if one.planted]), st.text(max_size=30))
def test_words_before_move_a_hit_and_do_not_hide_it(line: object, before: str) -> None:
    """A line break ends what stands before; digits and letters there belong to another line."""
    lead = before + "\n.\n"
    known = {hit for hit in scan(line.text) if hit.rule != "phone"}  # type: ignore[attr-defined]

    moved = {
        Hit(0, hit.start - len(lead), hit.end - len(lead), hit.rule)
        for hit in scan(lead + line.text)  # type: ignore[attr-defined]
    }

    assert known <= moved


def test_what_a_stronger_rule_tells_is_not_told_twice() -> None:
    (hit,) = scan("postgres://app:" + "Winter-maple-77" + "@db.example.com/main")

    assert hit.rule == "connection_string"


def test_a_rule_of_a_higher_class_is_told_though_an_earlier_one_covers_it() -> None:
    known = rules_by_id()

    hits = scan("4111 1111 1111 1111", rules=[known["phone"], known["payment_card"]])

    assert "payment_card" in {hit.rule for hit in hits}


def test_ids_are_unique_and_every_rule_is_above_public() -> None:
    assert len(rules_by_id()) == len(RULES) >= 18
    assert all(rule.data_class.rank > DataClass.INTERNAL.rank for rule in RULES)
    assert all(rule.data_types and rule.title for rule in RULES)


@pytest.mark.parametrize(
    ("rules", "data_class"),
    [
        ("email phone ip_address date_of_birth us_npi", DataClass.CONFIDENTIAL),
        ("us_ssn payment_card iban us_bank_account passport uk_nino", DataClass.RESTRICTED),
        ("uk_nhs_number medical_record_number", DataClass.RESTRICTED),
        ("aws_access_key private_key jwt assigned_secret github_token", DataClass.RESTRICTED),
    ],
)
def test_what_reaches_a_person_is_confidential_and_what_opens_or_pays_is_restricted(
    rules: str, data_class: DataClass
) -> None:
    assert {rules_by_id()[name].data_class for name in rules.split()} == {data_class}


def test_names_are_not_detected_without_a_model() -> None:
    """A limit that is told wherever results are shown."""
    assert scan("Jane Roe lives at 12 Example Street, Springfield.") == ()


@pytest.mark.parametrize(
    "text",
    ["jane@example.com", "(212) 555-0123", "4111 1111 1111 1111", "192.0.2.1", "078-05-1120"],
)
def test_specimens_count_like_the_real_ones(text: str) -> None:
    assert len(scan(text)) == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("jane&#64;example.com", "email"),
        ("?mail=jane%40example.com", "email"),
        ("postgres://app:p%40ssw0rd@db.example/x", "connection_string"),
        ('{"mail": "jane\\u0040example.com"}', "email"),
        ("4111&nbsp;1111&nbsp;1111&nbsp;1111", "payment_card"),
        ("Card\\n4111\\n1111\\n1111\\n1111", "payment_card"),
        ("ssn\\n123-45-6789", "us_ssn"),
        ('{"socialSecurityNumber":"123456789"}', "us_ssn"),
        ("DE89 3704 0044\n0532 0130 00", "iban"),
        ('"dateOfBirth":"1980-01-02"', "date_of_birth"),
        ("date_of_birth: 1980-01-02", "date_of_birth"),
    ],
)
def test_a_value_is_found_as_markup_data_and_wrapped_lines_write_it(text: str, rule: str) -> None:
    (hit,) = scan(text)

    assert hit.rule == rule


@pytest.mark.parametrize("text", ["Chart 12345 shows revenue", "See chart 2025-26 below"])
def test_a_chart_of_figures_is_no_medical_record(text: str) -> None:
    assert scan(text) == ()


def test_a_person_within_a_secret_is_told_of_beside_it() -> None:
    """Else a decision on the secret would let the person's number pass with it."""
    body = "MIIEpAIBAAKCAQEA7v8wFAbCdEfGh"
    text = f"-----BEGIN PRIVATE KEY-----\n{body}\nSSN 523-84-1967\n-----END PRIVATE KEY-----"

    assert [hit.rule for hit in scan(text)] == ["private_key", "us_ssn"]
