"""Hints propose a number only where obeying them gives what was meant."""

from __future__ import annotations

import pytest

from playbook.profile.fields import field_at
from playbook.profile.hints import number_hint

Cases = pytest.mark.parametrize


def hint(path: str, text: str) -> str:
    field = field_at(path.split("."))
    assert field is not None
    return number_hint(text, field)


@Cases(
    ("text", "seconds"),
    [
        ("2000ms", "2"), ("500 milliseconds", "0.5"), ("1,500 ms", "1.5"), ("2s", "2"),
        ("2.5 seconds", "2.5"), ("2 min", "120"), ("0.1h", "360"), ("$2", None), ("2M", None),
        ("2 m", None), ("2 days", None), ("2 ms or so", None), ("3 h", None),
    ],
)  # fmt: skip
def test_a_time_is_turned_into_seconds_or_left_to_the_writer(
    text: str, seconds: str | None
) -> None:
    """Three hours are beyond the field's bound, so no number is proposed for them either."""
    expected = f"; write {seconds}" if seconds else "; write the number alone, in s"

    assert hint("workload.first_token_p95_s", text) == expected


@Cases(
    ("path", "text", "expected"),
    [
        ("workload.share_output", "25%", "; write 0.25"),
        ("workload.share_output", "7 percent", "; write 0.07"),
        ("workload.growth_per_month", "5%", "; write 0.05"),
        ("workload.share_output", "250%", "; write the number alone, in share, 0 to 1"),
        ("weights.cost", "30%", "; write the number alone, in share of all weights"),
        ("workload.tokens_per_day", "25%", "; write the number alone, in tokens/day"),
    ],
)
def test_percent_is_a_share_only_where_a_share_is_taken(
    path: str, text: str, expected: str
) -> None:
    assert hint(path, text) == expected


@Cases(
    ("path", "text", "expected"),
    [
        ("workload.tokens_per_day", "10M", "; write 10_000_000 or 1.0e7"),
        ("team.budget_usd_per_month", "$12k", "; write 12_000"),
        ("team.monthly_active_users", "3 thousand", "; write 3_000"),
        ("team.monthly_active_users", "1.5", "; write the number alone, in people"),
        ("infrastructure.deadline_weeks", "2M", "; write the number alone, in weeks"),
        ("infrastructure.deadline_weeks", "6 months", "; write the number alone, in weeks"),
    ],
)
def test_multiples_are_worked_out_for_what_is_counted(path: str, text: str, expected: str) -> None:
    assert hint(path, text) == expected


@Cases("text", ["12k EUR", "€12k", "12000€", "GBP 12000", "12 chf/month", "1 million euros"])
def test_other_money_is_never_taken_for_dollars(text: str) -> None:
    assert hint("team.budget_usd_per_month", text) == (
        "; convert to USD and write the number alone, in USD/month"
    )


@Cases("text", ["10M tokens", "10M tokens/month", "about 10M", "$10M"])
def test_any_other_word_leaves_the_number_to_the_writer(text: str) -> None:
    assert hint("workload.tokens_per_day", text) == "; write the number alone, in tokens/day"


@Cases(
    ("path", "text"),
    [
        ("workload.share_output", "0,25"),
        ("workload.first_token_p95_s", "1,5 s"),
        ("team.decide_by", "2027"),
        ("workload.tokens_per_day", "many"),
    ],
)
def test_a_decimal_comma_or_no_number_at_all_gives_no_hint(path: str, text: str) -> None:
    assert hint(path, text) == ""
