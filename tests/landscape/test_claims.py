"""Claims about the world: every verdict follows from the facts, and follows them when they move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.boards import Board, BoardScore
from playbook.catalog.claims import Claim
from playbook.landscape.claim_records import ClaimFinding
from playbook.landscape.claims import CHECKS, check_claims
from playbook.landscape.gap import measure_gap
from playbook.landscape.judging import Known
from playbook.landscape.records import Landscape
from playbook.landscape.screen import screen_models
from playbook.landscape.tier_prices import tier_prices
from playbook.profile.profile import Profile

TODAY = date(2026, 11, 23)
CATALOG = load_catalog()


@cache
def the_landscape() -> Landscape:
    return screen_models(Profile(), CATALOG, as_of=TODAY)


def known(catalog: Catalog = CATALOG) -> Known:
    return Known(
        catalog=catalog, gap=measure_gap(catalog), pairs=the_landscape().parity_pairs, as_of=TODAY,
        tiers=tier_prices(catalog, as_of=TODAY),
    )  # fmt: skip


def found(name: str, facts: Known | None = None) -> ClaimFinding:
    return next(one for one in check_claims(facts or known()) if one.claim == name)


def figure(name: str, part: str) -> float:
    return next(one.value for one in found(name).figures if part in one.name)


def test_every_catalogued_claim_about_the_world_has_a_check_and_every_check_a_claim() -> None:
    assert {one.id for one in CATALOG.claims if one.about == "world"} == set(CHECKS)


def test_every_model_that_a_claim_compares_is_on_its_board() -> None:
    boards = {board.id: {one.model for one in board.scores} for board in CATALOG.boards}

    for claim in CATALOG.claims:
        for one in claim.comparisons:
            assert {*one.models, *one.against} <= boards[one.board], (claim.id, one.board)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("gap-closed", "holds_in_part"),
        ("lag-of-6-to-12-months", "holds_in_part"),
        ("open-improves-faster", "cannot_be_settled"),
        ("llama-3-70b-matches-gpt-3.5", "holds_in_part"),
        ("llama-3-8b-on-one-gpu", "holds"),
        ("llama-3-8b-equals-frontier-of-two-years-before", "holds"),
        ("llama-3-in-mid-2024", "does_not_hold"),
        ("llama-3-licence-without-threshold", "holds_in_part"),
        ("mixtral-near-70b-at-lower-cost", "holds_in_part"),
        ("deepseek-coder-is-a-reference", "holds_in_part"),
        ("api-prices-cut", "holds_in_part"),
        ("multimodal-gap-closes-next", "cannot_be_settled"),
        ("cost-and-compliance-decide", "cannot_be_settled"),
    ],
)
def test_the_shipped_facts_lead_to_these_verdicts(claim: str, verdict: str) -> None:
    assert found(claim).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "part", "value"),
    [
        ("llama-3-70b-matches-gpt-3.5", "knowledge", 79.3 - 71.4),
        ("llama-3-70b-matches-gpt-3.5", "people prefer", 1206 - 1117),
        ("llama-3-70b-matches-gpt-3.5", "code editing", 49.2 - 57.9),
        ("mixtral-near-70b-at-lower-cost", "knowledge, against Llama 2", 70.6 - 69.9),
        ("mixtral-near-70b-at-lower-cost", "school", 74.4 - 69.6),
        ("mixtral-near-70b-at-lower-cost", "mathematics, against Llama 3", 10.0 - 22.6),
        ("deepseek-coder-is-a-reference", "code editing", 72.9 - 72.9),
        ("multimodal-gap-closes-next", "best open", 73.5 - 75.0),
        ("api-prices-cut", "Anthropic small", 4.0),
        ("api-prices-cut", "Anthropic flagship", 1 / 3),
    ],
)
def test_figures_are_those_of_the_boards_and_price_tables(
    claim: str, part: str, value: float
) -> None:
    """Scores: Epoch AI, benchmark-stitching@f87d3cc, open-model-trends@a72b3e9; Aider@5dc9490bb.

    Prices: Claude 3 Haiku 0.25/1.25, Haiku 4.5 1/5; Opus 15/75, then 5/25 USD per million tokens.
    """
    assert figure(claim, part) == pytest.approx(value, abs=1e-9)


def test_every_figure_has_a_source_and_every_finding_says_how_it_was_checked() -> None:
    for one in check_claims(known()):
        assert one.method, one.claim
        assert one.because.endswith("."), one.claim
        for number in one.figures:
            assert number.sources, (one.claim, number.name)
            assert number.unit, (one.claim, number.name)


def test_without_any_facts_nothing_is_settled() -> None:
    bare = Known(catalog=Catalog(claims=CATALOG.claims), gap=None, pairs=(), tiers=(), as_of=TODAY)

    assert {one.verdict for one in check_claims(bare)} == {"cannot_be_settled"}


def with_claim(name: str, **changes: object) -> Known:
    claims = [one if one.id != name else one.changed(**changes) for one in CATALOG.claims]
    return known(CATALOG.changed(claims=tuple(claims)))


def test_a_date_within_the_time_claimed_holds() -> None:
    facts = with_claim("llama-3-in-mid-2024", claimed_from=date(2024, 4, 1))

    assert found("llama-3-in-mid-2024", facts).verdict == "holds"


def test_a_lag_wholly_within_the_range_claimed_holds_and_outside_it_does_not() -> None:
    wide = with_claim("lag-of-6-to-12-months", claimed={"low": 0, "high": 60, "unit": "months"})
    far = with_claim("lag-of-6-to-12-months", claimed={"low": 40, "high": 60, "unit": "months"})

    assert found("lag-of-6-to-12-months", wide).verdict == "holds"
    assert found("lag-of-6-to-12-months", far).verdict == "does_not_hold"


def test_prices_that_rose_in_every_rank_are_no_cut() -> None:
    facts = known()
    risen = tuple(
        one.changed(output_usd_per_million_tokens=one.output_usd_per_million_tokens * 100)
        if one.on > date(2024, 7, 31) else one
        for one in facts.tiers
    )  # fmt: skip
    one = found("api-prices-cut", replace(facts, tiers=risen))

    assert one.verdict == "does_not_hold"
    assert "0 became clearly cheaper (none)" in one.because


def a_board(*, ours: float, theirs: float, noise: float = 1.5) -> Board:
    """Return a board with one open and one closed model."""
    rows = [
        BoardScore(model=name, developer="x", open_weights=weights_open, score=score,
                   released=date(2026, 5, 1))
        for name, weights_open, score in (("ours", True, ours), ("theirs", False, theirs))
    ]  # fmt: skip
    return Board(
        id="b", title="B", unit="percent", score_noise=noise, scores=tuple(rows),
        source=CATALOG.boards[0].source,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "verdict"), [(80.0, "holds"), (76.6, "holds"), (76.4, "does_not_hold")]
)
def test_scores_within_the_noise_of_repeats_count_as_level(ours: float, verdict: str) -> None:
    """Noise 1.5: 1.645 x sqrt 2 x 1.5 = 3.49 points tell two scores apart (worked by hand)."""
    comparison = {"board": "b", "models": ["ours"], "against": ["theirs"], "what": "all"}
    claim = Claim(
        id="llama-3-70b-matches-gpt-3.5", title="t", about="world", method="m",
        comparisons=(comparison,), source=CATALOG.claims[0].source,
    )  # type: ignore[arg-type]  # fmt: skip
    catalog = Catalog(boards=(a_board(ours=ours, theirs=80.0),), claims=(claim,))

    (one,) = check_claims(Known(catalog=catalog, gap=None, pairs=(), tiers=(), as_of=TODAY))

    assert one.verdict == verdict


def settled(claim: str, *boards: Board, as_of: date = TODAY, **changes: object) -> ClaimFinding:
    """Return the verdict on a catalogued claim, changed, on made-up boards."""
    one = next(one for one in CATALOG.claims if one.id == claim)
    catalog = Catalog(boards=boards, claims=(one.changed(**changes),))
    (found,) = check_claims(Known(catalog=catalog, gap=None, pairs=(), tiers=(), as_of=as_of))
    return found


def test_a_comparison_that_cannot_be_made_leaves_a_claim_open() -> None:
    made = {"board": "b", "models": ["ours"], "against": ["theirs"], "what": "all"}
    missing = made | {"board": "nowhere"}

    one = settled(
        "llama-3-70b-matches-gpt-3.5", a_board(ours=80, theirs=80), comparisons=(made, missing)
    )

    assert one.verdict == "cannot_be_settled"
    assert "1 of 1 comparisons" in one.because
    assert "1 more cannot be made" in one.because


WITHIN_A_YEAR = {
    "boards": ("b",),
    "claimed_from": date(2026, 1, 31),
    "claimed_to": date(2027, 1, 31),
}


@pytest.mark.parametrize(
    ("ours", "as_of", "verdict"),
    [
        (80.0, TODAY, "holds"),
        (60.0, TODAY, "cannot_be_settled"),
        (60.0, date(2027, 1, 31), "cannot_be_settled"),
        (60.0, date(2027, 2, 1), "does_not_hold"),
    ],
)
def test_a_gap_that_may_close_yet_is_not_called_open_before_its_time_is_over(
    ours: float, as_of: date, verdict: str
) -> None:
    board = a_board(ours=ours, theirs=80)

    one = settled("multimodal-gap-closes-next", board, as_of=as_of, **WITHIN_A_YEAR)

    assert one.verdict == verdict


def test_scores_of_models_from_after_a_claims_time_do_not_settle_it() -> None:
    board = a_board(ours=60, theirs=80)
    late = board.scores[0].changed(model="late", score=99, released=date(2027, 3, 1))
    board = board.changed(scores=(*board.scores, late))

    one = settled("multimodal-gap-closes-next", board, as_of=date(2027, 6, 1), **WITHIN_A_YEAR)

    assert one.verdict == "does_not_hold"


def test_a_board_with_open_models_alone_settles_nothing() -> None:
    board = a_board(ours=60, theirs=80)
    board = board.changed(scores=board.scores[:1])

    one = settled("multimodal-gap-closes-next", board, **WITHIN_A_YEAR)

    assert one.verdict == "cannot_be_settled"


def test_a_comparison_of_scores_from_several_evaluators_says_so() -> None:
    names = [one.name for one in found("llama-3-70b-matches-gpt-3.5").figures]

    assert any("(MMLU, several evaluators: " in name for name in names)
    assert any("(GPQA diamond: " in name for name in names)


def test_a_difference_is_told_as_ahead_or_behind_and_never_as_minus_ahead() -> None:
    said = found("multimodal-gap-closes-next").because

    assert "1.5 points behind on Video-MME, within the noise of repeats" in said


def test_prices_are_not_compared_with_a_day_that_nobody_has_seen() -> None:
    early = replace(known(), as_of=date(2025, 6, 1))

    assert found("api-prices-cut", early).verdict == "cannot_be_settled"


def test_a_rank_that_was_free_has_no_change_of_price() -> None:
    facts = known()
    free = tuple(
        one.changed(input_usd_per_million_tokens=0, output_usd_per_million_tokens=0)
        if one.on <= date(2024, 7, 31) else one
        for one in facts.tiers
    )  # fmt: skip

    assert found("api-prices-cut", replace(facts, tiers=free)).verdict == "cannot_be_settled"


def test_weights_fit_one_gpu_whether_or_not_an_api_serves_them() -> None:
    one = found("llama-3-8b-on-one-gpu", replace(known(), pairs=()))

    assert one.verdict == "holds"


def test_a_model_that_needs_no_less_is_no_cheaper_one() -> None:
    sizes = {"parameters_billion": 1_000.0, "active_parameters_billion": 900.0}
    models = tuple(
        one.changed(**sizes) if one.id == "mixtral-8x7b-instruct-v0.1" else one
        for one in CATALOG.models
    )
    claims = tuple(
        one.changed(comparisons=one.comparisons[:3]) for one in CATALOG.claims
        if one.id == "mixtral-near-70b-at-lower-cost"
    )  # fmt: skip
    level = CATALOG.changed(claims=claims)

    verdicts = [
        found("mixtral-near-70b-at-lower-cost", known(catalog)).verdict
        for catalog in (level, level.changed(models=models))
    ]

    assert verdicts == ["holds", "holds_in_part"]


def test_a_delay_without_an_interval_settles_nothing() -> None:
    bare = tuple(
        index.changed(models=tuple(one.changed(refits=()) for one in index.models))
        for index in CATALOG.capability_indices
    )
    facts = known(CATALOG.changed(capability_indices=bare))

    for claim in (
        "lag-of-6-to-12-months",
        "open-improves-faster",
        "llama-3-8b-equals-frontier-of-two-years-before",
    ):
        assert found(claim, facts).verdict == "cannot_be_settled", claim


def test_an_interval_that_starts_at_zero_keeps_its_zero() -> None:
    facts = known()
    assert facts.gap
    assert facts.gap.pooled
    gap = facts.gap.changed(pooled=facts.gap.pooled.changed(low=0.0))

    one = found("lag-of-6-to-12-months", replace(facts, gap=gap))

    assert "5-95%: 0.0 to" in one.because


def test_the_landscape_carries_the_ledger() -> None:
    assert {one.claim for one in the_landscape().claims} == set(CHECKS)
