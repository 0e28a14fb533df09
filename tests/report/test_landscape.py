"""The landscape reads the same in report and notebook, and hostile text in it stays text."""

import re

import pytest

from playbook.report import headline, landscape_tables
from playbook.report.landscape import landscape_figures
from playbook.report.table import Table
from tests.figures.builders import (
    SOURCE,
    a_capability_price,
    a_claim,
    a_gap,
    a_lag,
    a_landscape,
    a_model,
    a_pair,
    some_changes,
    some_ends,
)
from tests.report.builders import HOSTILE

EVIL = SOURCE.model_copy(update={"title": HOSTILE, "url": HOSTILE})


def test_every_row_has_a_cell_for_each_column() -> None:
    for table in landscape_tables(a_landscape()):
        assert table.rows, table.title
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert not table.widths or len(table.widths) == len(table.columns)


def test_only_what_decides_starts_open() -> None:
    opened = [table.title for table in landscape_tables(a_landscape()) if not table.folded]

    assert opened == [
        "Models in the race, and in doubt",
        "Options that are out although their model is in the race",
        "How fast the price of a capability fell",
    ]  # fmt: skip


def test_an_old_landscape_without_gap_and_market_still_renders() -> None:
    bare = a_landscape(
        gap=None, capability_prices=(), hosted_changes=(), hosted_summary=None, calendar=(),
        parity_pairs=(), licences=(), claims=(),
    )  # fmt: skip

    assert all(figure.layout.title.subtitle.text.strip() for figure in landscape_figures(bare))
    assert len(landscape_tables(bare)) == len(landscape_tables(a_landscape()))


def test_every_caption_carries_a_day_and_every_axis_a_title() -> None:
    for figure in landscape_figures(a_landscape()):
        caption = figure.layout.title.subtitle.text
        assert re.search(r"\d{4}-\d{2}-\d{2}", caption), caption
        assert figure.layout.xaxis.title.text


def test_no_two_figures_share_a_finding() -> None:
    findings = [figure.layout.title.text for figure in landscape_figures(a_landscape())]

    assert len(set(findings)) == len(findings)


def hostile_tables() -> tuple[Table, ...]:
    rise, *_ = some_changes()
    end, *_ = some_ends()
    return landscape_tables(
        a_landscape(
            models=(a_model(title=HOSTILE, developer=HOSTILE, sources=(EVIL,)),),
            gap=a_gap(pooled=a_lag(title=HOSTILE, source=EVIL)),
            capability_prices=(a_capability_price(title=HOSTILE),),
            hosted_changes=(rise.changed(model=HOSTILE, provider=HOSTILE),),
            calendar=(end.changed(title=HOSTILE, successor=HOSTILE),),
            parity_pairs=(a_pair(title=HOSTILE, weights=HOSTILE, differences=(HOSTILE,)),),
            claims=(a_claim(title=HOSTILE, because=HOSTILE),),
        )
    )


def test_hostile_text_in_a_table_stays_text() -> None:
    for table in hostile_tables():
        assert "<script" not in table._repr_html_()
        assert "<img" not in table._repr_html_()


def test_hostile_text_in_a_figure_is_escaped() -> None:
    rise, *_ = some_changes()
    landscape = a_landscape(
        models=(a_model(title="<b>$x$"),),
        gap=a_gap(pooled=a_lag(source=EVIL), boards=(a_lag("b", title="<b>$x$"),)),
        capability_prices=(a_capability_price(title="<b>$x$"),),
        hosted_changes=(rise.changed(model="<b>$x$", provider="<b>$x$"),),
        calendar=tuple(one.changed(title="<b>$x$", successor="<b>$x$") for one in some_ends()),
    )

    for figure in landscape_figures(landscape):
        drawn = figure.to_json()
        assert "$x$" not in drawn
        assert "<img" not in drawn


def test_the_headline_gives_the_lag_with_its_interval_and_the_last_month_of_data() -> None:
    first, second = headline(a_landscape()).splitlines()

    assert first == "1 of 3 models are in the race, 1 in doubt, 1 out; 2 options"
    assert second == (
        "open weights come 9.0 months [5.0, 11.5] after closed models on the pooled index "
        "(5 to 95%), data to 2025-11"
    )


def test_a_lag_without_an_interval_claims_none_in_the_headline() -> None:
    gap = a_gap(pooled=a_gap().pooled.changed(low=None, high=None))

    line = headline(a_landscape(gap=gap)).splitlines()[1]

    assert line == (
        "open weights come 9.0 months after closed models on the pooled index, its interval "
        "unknown, data to 2025-11"
    )


@pytest.mark.parametrize("changes", [{"gap": None}, {"gap": a_gap(pooled=None)}])
def test_without_a_pooled_lag_the_headline_is_one_line(changes: dict) -> None:
    assert len(headline(a_landscape(**changes)).splitlines()) == 1
