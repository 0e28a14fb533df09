"""The tables of the race show terms, disagreements, ends and reasons; unknown is said as such."""

from datetime import date

from playbook.landscape.records import ModelInRace, Reason, SecondPrice
from playbook.report import race_tables
from tests.figures.builders import SOURCE, a_barred_model, a_landscape, a_model


def row_of(model: ModelInRace) -> dict[str, str]:
    table = race_tables.race(a_landscape(models=(model,)))
    return dict(zip(table.columns, table.rows[0], strict=True))


def tone(cell: str) -> str:
    return getattr(cell, "tone", "")


def test_a_second_price_of_any_offer_turns_the_cell_amber_and_shows_both_with_the_host() -> None:
    other = SecondPrice(
        option="named@far", title="Named, Far host",
        input_usd_per_million_tokens=0.3, output_usd_per_million_tokens=1.2,
        second_input_usd_per_million_tokens=0.15, second_output_usd_per_million_tokens=None,
        source=SOURCE, second_source=SOURCE.model_copy(update={"title": "other list"}),
    )  # fmt: skip
    near = a_model().findings[0].changed(title="Named, Near host")
    one = a_model(findings=(near,), lowest_price_option=near.option, second_prices=(other,))

    price = row_of(one)["USD per million tokens, in / out"]

    assert price == (
        "0.2 / 0.8 at Near host\n≠ Far host: 0.3 / 1.2; 0.15 / not known by other list"
    )
    assert tone(price) == "amber"


def test_sources_that_agree_leave_the_price_plain() -> None:
    price = row_of(a_model())["USD per million tokens, in / out"]

    assert (price, tone(price)) == ("0.2 / 0.8", "")


def test_a_retired_id_is_red_with_its_successor() -> None:
    cell = row_of(a_model(retires=date(2026, 10, 23), months_left=-1.0, successor="next"))["Ends"]

    assert cell == "✕ own API ended 2026-10-23\n→ next\n1 other offer goes on"
    assert tone(cell) == "red"


def test_an_end_to_come_is_dated_and_not_red() -> None:
    cell = row_of(a_model(retires=date(2027, 1, 14), months_left=1.7))["Ends"]

    assert cell == "own API 2027-01-14"
    assert tone(cell) != "red"


def test_an_ended_offer_of_a_host_is_red_too_and_one_to_come_is_not() -> None:
    one = a_model(successor="next")
    ended = one.findings[0].changed(retires=date(2026, 11, 7), state="out",
                                      title="Named, A host")  # fmt: skip
    ending = ended.changed(option="named@far", title="", retires=date(2027, 5, 1))

    red = row_of(one.changed(findings=(ended, ending)))["Ends"]
    plain = row_of(one.changed(findings=(ending,)))["Ends"]

    none_left = row_of(one.changed(findings=(ended,)))["Ends"]

    assert "no other API offer is known" in none_left
    assert (red, tone(red)) == (
        "✕ A host ended 2026-11-07\n→ next\n1 other offer goes on\nfar 2027-05-01",
        "red",
    )
    assert (plain, tone(plain)) == ("far 2027-05-01", "")


def test_what_is_not_known_is_said_and_never_left_blank() -> None:
    blank = a_model(
        released=None, context_tokens=None, developer_jurisdiction=(), licence="",
        lowest_input_usd_per_million_tokens=None, lowest_output_usd_per_million_tokens=None,
    )  # fmt: skip

    row = row_of(blank)

    assert "release not known" in row["Weights, released"]
    for column in ("Context, tokens", "Licence", "USD per million tokens, in / out"):
        assert row[column] == "not known"
    assert "country not known" in row["Developer (country)"]


def test_a_licence_that_nobody_verified_is_marked() -> None:
    unverified = Reason(rule="licence", result="unknown", because="unknown: nobody has read it.")

    cell = row_of(a_model(reasons=(unverified,), state="in_doubt"))["Licence"]

    assert cell == "apache-2.0: ? unknown"
    assert tone(cell) == "amber"


def test_what_a_test_refused_stands_before_one_row_of_what_the_team_does_not_consider() -> None:
    short = Reason(rule="context", result="fail", because="too short")
    aside = a_landscape().models[-1]
    refused = a_model("refused", state="out", reasons=(short,))

    table = race_tables.excluded(
        a_landscape(models=(aside, aside.changed(title="Second"), refused))
    )

    first, last = table.rows
    assert (first[0], first[3]) == ("Refused", "too short")
    assert (last[0], last[3]) == ("2 models not considered", "not considered")
    assert getattr(last[0], "more", "") == "Other, Second"
    assert table.folded


def test_every_model_is_in_one_table() -> None:
    landscape = a_landscape()

    race, excluded = race_tables.race(landscape), race_tables.excluded(landscape)

    assert len(race.rows) + len(excluded.rows) == len(landscape.models)


def test_the_state_is_told_by_sign_and_word_not_by_colour_alone() -> None:
    states = [row[-2] for row in race_tables.race(a_landscape()).rows]

    assert states[0].startswith("✓ in")
    assert states[1].startswith("? in doubt")


def test_an_option_that_is_out_is_shown_although_its_model_is_in_the_race() -> None:
    table = race_tables.options_out(a_landscape(models=(a_barred_model(),)))

    ((model, where, rule, because, source),) = table.rows
    assert (model, where, rule) == ("Named", "near servers", "licence")
    assert because == "✕ not permitted: use policy: left out."
    assert source == "[1]"
    assert not table.folded
