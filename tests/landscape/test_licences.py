"""Golden cases: what each licence means for a team, with the clause that decides.

Worked by hand from the licence texts named in `catalog/data/licences`; the facts are round.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import Licence, load_catalog
from playbook.landscape import LicenceFacts, LicenceVerdict, judge_licence
from playbook.landscape.licence_clauses import DECIDING
from tests.landscape.builders import finding, screened

CATALOG = load_catalog()
COMPANY = LicenceFacts(
    commercial_use=True,
    monthly_active_users=5_000,
    annual_revenue_usd=50_000_000,
    established_in_eu=True,
    passes_model_on=False,
    trains_on_outputs=False,
    uses=("internal_assistant",),
    data_types=("personal",),
    human_review="always",
)
"""A commercial team in Germany with an assistant for its own people."""


def judged(
    licence: str, *, own_servers: bool = True, multimodal: bool = False, **facts: object
) -> LicenceVerdict:
    found = CATALOG.licence(licence)
    return judge_licence(
        found,
        COMPANY.changed(**facts),
        own_servers=own_servers,
        multimodal=multimodal,
        later=CATALOG.licence(found.superseded_by) if found.superseded_by else None,
    )


def sections(verdict: LicenceVerdict) -> set[str]:
    return {one.section for one in (*verdict.because, *verdict.duties)}


@pytest.mark.parametrize("model", ["mistral-7b-instruct-v0.3", "mixtral-8x7b-instruct-v0.1"])
def test_mistral_7b_and_mixtral_for_internal_use_are_permitted_without_duty(model: str) -> None:
    """Apache License 2.0, section 2 grants use; section 4 binds only who distributes."""
    verdict = judged(CATALOG.model(model).licence)

    assert (verdict.outcome, verdict.duties) == ("permitted", ())
    assert sections(verdict) == {"section 2"}
    assert "apache.org/licenses/LICENSE-2.0" in verdict.citation


@pytest.mark.parametrize("passes_on", [True, None])
def test_passing_apache_weights_on_brings_the_duty_of_section_4(*, passes_on: bool | None) -> None:
    verdict = judged("apache-2.0", passes_model_on=passes_on)

    assert verdict.outcome == "conditional"
    assert [duty.section for duty in verdict.duties] == ["section 4"]
    assert verdict.duties[0].text.startswith("if the model") is (passes_on is None)


def test_llama_3_is_conditional_on_its_notices_names_and_use_policy() -> None:
    """Llama 3 Community License, section 1.b.i (name, copy) and 1.b.iv (use policy)."""
    verdict = judged("llama3")

    assert verdict.outcome == "conditional"
    assert {"section 1.b.i", "section 1.b.iv and use policy"} <= sections(verdict)
    assert any("Built with Meta Llama 3" in duty.text for duty in verdict.duties)
    assert "models/llama3/{LICENSE" in verdict.citation
    assert all(one.source == verdict.citation for one in verdict.duties)


@pytest.mark.parametrize(
    ("today", "then", "outcome"),
    [
        (700_000_000, None, "conditional"),
        (700_000_001, None, "unknown"),
        (700_000_001, 700_000_000, "conditional"),
        (700_000_001, 700_000_001, "not_permitted"),
        (5_000, 700_000_001, "not_permitted"),
        (None, 10, "conditional"),
        (None, None, "unknown"),
    ],
)
@pytest.mark.parametrize("licence", ["llama3", "llama3.1", "llama3.2", "llama3.3", "llama4"])
def test_llamas_ceiling_looks_at_the_month_before_release_so_later_growth_does_not_trip_it(
    licence: str, today: int | None, then: int | None, outcome: str
) -> None:
    """Section 2: over 700 million users in the calendar month before the release date."""
    users = {"monthly_active_users": today, "monthly_active_users_at_release": then}

    assert judged(licence, **users, annual_revenue_usd=1e11).outcome == outcome


@pytest.mark.parametrize(
    ("licence", "month"),
    [
        ("llama3", date(2024, 3, 1)),
        ("llama3.1", date(2024, 6, 1)),
        ("llama3.2", date(2024, 8, 1)),
        ("llama3.3", date(2024, 11, 1)),
        ("llama4", date(2025, 3, 1)),
        ("qwen", None),
    ],
)
def test_a_ceiling_names_the_month_in_which_it_is_tested(licence: str, month: date | None) -> None:
    """Releases of 2024-04-18, 07-23, 09-25, 12-06 and 2025-04-05; Qwen's counts each month."""
    found = [one for one in CATALOG.licence(licence).clauses if one.kind == "user_ceiling"]

    assert [one.tested_in for one in found] == [month]


def test_an_open_ceiling_names_the_field_that_would_settle_it() -> None:
    assert judged("llama3", monthly_active_users=None).asks == ("team.monthly_active_users",)
    grown = judged("llama3", monthly_active_users=800_000_000)
    assert grown.asks == ("team.monthly_active_users_at_release",)


@pytest.mark.parametrize("own_servers", [True, False])
@pytest.mark.parametrize(
    ("trains", "outcome"), [(True, "not_permitted"), (None, "unknown"), (False, "conditional")]
)
def test_llama_3_outputs_may_not_train_other_models_at_home_or_behind_an_api(
    outcome: str, *, trains: bool | None, own_servers: bool
) -> None:
    """Llama 3, section 1.b.v: not to improve any other large language model."""
    verdict = judged("llama3", trains_on_outputs=trains, own_servers=own_servers)

    assert verdict.outcome == outcome
    if trains is not False:
        assert sections(verdict) == {"section 1.b.v"}


def test_llama_3_1_outputs_may_train_other_models_and_then_name_them() -> None:
    """Llama 3.1, section 1.b.i: a distributed model made with outputs begins with 'Llama'."""
    assert judged("llama3.1").outcome == "conditional"
    naming = "if outputs train a model that is passed on: begin the name"
    trained = judged("llama3.1", trains_on_outputs=True)

    assert trained.outcome == "conditional"
    assert any(duty.text.startswith(naming) for duty in trained.duties)
    assert not any(duty.text.startswith(naming) for duty in judged("llama3.1").duties)


@pytest.mark.parametrize("licence", ["llama3.2", "llama4"])
@pytest.mark.parametrize(
    ("in_eu", "outcome"), [(True, "not_permitted"), (None, "unknown"), (False, "conditional")]
)
def test_multimodal_llama_is_not_licensed_to_a_company_established_in_the_eu(
    licence: str, outcome: str, *, in_eu: bool | None
) -> None:
    """Llama 3.2 and 4 use policies, closing paragraph: no section 1(a) rights in the EU."""
    verdict = judged(licence, multimodal=True, established_in_eu=in_eu)

    assert verdict.outcome == outcome
    if in_eu is None:
        assert verdict.asks == ("team.principal_place",)
    if in_eu:
        assert sections(verdict) == {"use policy, closing paragraph"}


@pytest.mark.parametrize("licence", ["llama3", "llama3.1"])
def test_earlier_llamas_have_no_clause_on_the_eu(licence: str) -> None:
    """The policies of Llama 3 and 3.1 were read for it and do not have it."""
    assert CATALOG.licence(licence).reading("geography") == "absent"
    assert judged(licence, multimodal=True).outcome == "conditional"


def test_the_eu_clause_spares_text_models_and_customers_of_a_host() -> None:
    """Llama 3.3 70B takes only text; end users of a product are exempt."""
    assert judged("llama3.3").outcome == "conditional"
    assert judged("llama4", multimodal=True, own_servers=False).outcome == "conditional"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"uses": ("military",)}, "not_permitted"),
        ({"uses": ("critical_infrastructure",)}, "not_permitted"),
        ({"data_types": ("itar_technical_data",)}, "not_permitted"),
        ({"uses": None}, "unknown"),
        ({"data_types": None}, "unknown"),
    ],
)
def test_llamas_use_policy_bars_fields_of_use(facts: dict[str, object], outcome: str) -> None:
    """Llama 4 use policy, 3.1 (military, ITAR) and 3.4 (critical infrastructure)."""
    verdict = judged("llama4", **facts)

    assert verdict.outcome == outcome
    assert sections(verdict) == {"section 1.b.iv and use policy"}


@pytest.mark.parametrize(
    ("commercial", "outcome"), [(True, "not_permitted"), (False, "unknown"), (None, "unknown")]
)
@pytest.mark.parametrize(
    ("model", "section"),
    [
        ("mistral-large-2.1", "sections 3.2 and 4.2"),
        ("codestral-22b", "sections 3.2 and 9"),
        ("qwen2.5-3b-instruct", "sections 1 and 2"),
    ],
)
def test_research_weights_are_out_for_commercial_use_and_never_simply_in(
    model: str, section: str, outcome: str, *, commercial: bool | None
) -> None:
    """MRL 0.1 section 3.2, MNPL 0.1 section 3.2, Qwen Research License sections 1 and 2."""
    verdict = judged(CATALOG.model(model).licence, commercial_use=commercial)

    assert verdict.outcome == outcome
    assert section in sections(verdict)


def test_the_research_licence_binds_outputs_and_the_non_production_licence_does_not() -> None:
    """MRL 0.1 section 4.2 binds outputs to research; MNPL 0.1 section 4.2 claims nothing."""
    research, tests = CATALOG.licence("mistral-research"), CATALOG.licence("mistral-non-production")

    said = [one.words for one in research.clauses if one.kind == "research_only"]
    assert "outputs" in said[0]
    assert not any("outputs" in one.words for one in tests.clauses)


@pytest.mark.parametrize(
    ("revenue", "outcome"),
    [
        (239_999_999, "conditional"),
        (240_000_000, "conditional"),
        (240_000_012, "not_permitted"),
        (None, "unknown"),
    ],
)
@pytest.mark.parametrize("model", ["devstral-2", "mistral-medium-3.5"])
def test_mistrals_modified_mit_ends_above_its_monthly_revenue_cap(
    model: str, revenue: float | None, outcome: str
) -> None:
    """Added clause: group revenue over USD 20 million in the month before; 12 x 20 = 240 a year."""
    verdict = judged(CATALOG.model(model).licence, annual_revenue_usd=revenue)

    assert verdict.outcome == outcome
    assert "added clause" in sections(verdict)
    if revenue is None:
        assert verdict.asks == ("team.annual_revenue_usd",)


def test_who_calls_an_api_is_told_that_the_cap_leaves_it_the_vendors_own() -> None:
    """Added clause: it holds "whether provided by Mistral AI or by a third party"."""
    verdict = judged("mistral-modified-mit", own_servers=False, annual_revenue_usd=1e9)

    assert verdict.outcome == "conditional"
    assert [duty.section for duty in verdict.duties] == ["added clause"]
    assert "Mistral's own service" in verdict.duties[0].text


def test_who_passes_on_a_tuned_qwen_2_5_72b_shows_qwens_name() -> None:
    """Qwen License, section 5.b: the materials or their outputs, for a distributed model."""
    verdict = judged("qwen", passes_model_on=True, trains_on_outputs=False)

    assert "section 5.b" in [duty.section for duty in verdict.duties]


def test_qwen2_5_has_three_licences_by_size() -> None:
    """7B Apache 2.0; 72B Qwen License with a ceiling; 3B research only."""
    outcomes = {
        size: judged(CATALOG.model(f"qwen2.5-{size}-instruct").licence).outcome
        for size in ("3b", "7b", "72b")
    }

    assert outcomes == {"3b": "not_permitted", "7b": "permitted", "72b": "conditional"}


@pytest.mark.parametrize(
    ("users", "outcome"),
    [(100_000_000, "conditional"), (100_000_001, "not_permitted"), (None, "unknown")],
)
def test_qwens_ceiling_counts_todays_users(users: int | None, outcome: str) -> None:
    """Qwen License, section 4: over 100 million monthly active users a licence must be asked."""
    verdict = judged("qwen", monthly_active_users=users, monthly_active_users_at_release=10)

    assert verdict.outcome == outcome
    assert "section 4" in sections(verdict)


def test_deepseek_coder_binds_its_users_to_its_limits() -> None:
    """DeepSeek License 1.0, sections 4.a and 5 with attachment A."""
    verdict = judged(CATALOG.model("deepseek-coder-6.7b-instruct").licence)

    assert verdict.outcome == "conditional"
    assert {"section 5 and attachment A", "sections 4.a and 5"} <= sections(verdict)


@pytest.mark.parametrize(
    ("review", "outcome"),
    [("none", "not_permitted"), (None, "unknown"), ("always", "conditional")],
)
@pytest.mark.parametrize("own_servers", [True, False])
def test_deepseek_1_0_bars_credit_decisions_that_nobody_reviews(
    review: str | None, outcome: str, *, own_servers: bool
) -> None:
    """Attachment A: no fully automated decision that harms an individual's legal rights."""
    facts = {"uses": ("credit_decision",), "human_review": review}

    assert judged("deepseek", own_servers=own_servers, **facts).outcome == outcome


def test_deepseek_v4_is_plain_mit() -> None:
    licence = CATALOG.model("deepseek-v4-flash").licence

    assert judged(licence, uses=("military",), annual_revenue_usd=1e11).outcome == "permitted"
    assert sections(judged(licence)) == {"first paragraph"}


@pytest.mark.parametrize(
    ("taken", "commercial", "outcome"),
    [
        (date(2023, 11, 22), True, "unknown"),
        (date(2023, 11, 23), True, "conditional"),
        (date(2024, 5, 29), True, "conditional"),
        (date(2024, 5, 30), True, "permitted"),
        (None, True, "unknown"),
    ],
)
def test_yi_depends_on_the_day_its_weights_were_taken(
    taken: date | None, outcome: str, *, commercial: bool
) -> None:
    """Yi License 2.1, section 2: commercial use needs registration; Apache 2.0 from 2024-05-30."""
    verdict = judged("yi", weights_taken_on=taken, commercial_use=commercial)

    assert verdict.outcome == outcome
    assert any("registration" in one.text for one in verdict.duties) is (outcome == "conditional")
    if taken is None:
        assert verdict.asks == ("domain.weights_taken_on",)
        assert "01-ai/Yi" in verdict.citation
        assert "apache.org" in verdict.citation


@pytest.mark.parametrize(
    ("taken", "result"), [("2024-05-29", "pass"), ("2024-05-30", "pass"), (None, "unknown")]
)
def test_the_landscape_asks_for_the_day_on_which_yi_was_taken(
    taken: str | None, result: str
) -> None:
    landscape = screened(CATALOG, domain={"weights_taken_on": taken})

    option = finding(landscape, "yi-34b-chat@self:own_network")
    said = next(one for one in option.reasons if one.rule == "licence")
    assert said.result == result
    assert ("domain.weights_taken_on is not stated" in said.because) is (taken is None)
    assert ("registration" in said.because) is (taken == "2024-05-29")


def test_yi_behind_an_api_is_judged_by_the_licence_of_today() -> None:
    assert judged("yi", own_servers=False).outcome == "permitted"


def test_gpt_oss_is_apache_with_no_further_limit() -> None:
    """openai/gpt-oss USAGE_POLICY is one sentence: comply with applicable law."""
    licence = CATALOG.model("gpt-oss-120b").licence

    assert judged(licence, monthly_active_users=None, uses=None).outcome == "permitted"


@pytest.mark.parametrize(
    ("size", "shows"),
    [
        ({"monthly_active_users": 100_000_001}, True),
        ({"annual_revenue_usd": 240_000_012}, True),
        ({"annual_revenue_usd": None}, True),
        ({}, False),
    ],
)
def test_kimis_name_is_shown_by_large_products_only(
    size: dict[str, object], *, shows: bool
) -> None:
    """Kimi K2 licence, last paragraph: over 100 million users or USD 20 million a month."""
    verdict = judged("kimi-modified-mit", **size)

    assert verdict.outcome == ("conditional" if shows else "permitted")
    assert ("closing paragraph" in sections(verdict)) is shows


@pytest.mark.parametrize(
    ("hosts", "revenue", "outcome"),
    [
        (True, 20_000_000, "conditional"),
        (True, 20_000_001, "not_permitted"),
        (True, None, "unknown"),
        (None, 20_000_001, "unknown"),
        (None, 20_000_000, "conditional"),
        (False, 1e11, "conditional"),
        (False, None, "conditional"),
    ],
)
def test_kimi_k3_caps_the_revenue_of_hosts_alone(
    revenue: float | None, outcome: str, *, hosts: bool | None
) -> None:
    """Kimi K3 License, section 2: Model as a Service over USD 20 million in twelve months."""
    verdict = judged("kimi-k3", passes_model_on=hosts, annual_revenue_usd=revenue)

    assert verdict.outcome == outcome
    assert ("section 2" in sections(verdict)) is (hosts is not False)
    if (hosts, outcome) == (None, "unknown"):
        assert verdict.asks == ("data.offers_model_to_third_parties",)


def test_glm_5_3_needs_a_review_of_the_largest_hosts_only() -> None:
    """GLM-5.3 License, section 2: over USD 10 billion in twelve months, for hosts."""
    assert judged("glm-5.3", annual_revenue_usd=1e11).outcome == "permitted"
    large = judged("glm-5.3", annual_revenue_usd=1e10 + 1, passes_model_on=True)
    assert large.outcome == "not_permitted"
    assert judged("glm-5.3", annual_revenue_usd=1e10, passes_model_on=True).outcome == "conditional"


def test_a_proprietary_api_is_judged_by_its_terms() -> None:
    """What its terms say of training on outputs was not read, so a team that trains is in doubt."""
    assert judged("proprietary-api", own_servers=False).outcome == "conditional"
    trains = judged("proprietary-api", own_servers=False, trains_on_outputs=True)
    open_ = judged("proprietary-api", own_servers=False, trains_on_outputs=None)

    assert trains.outcome == open_.outcome == "unknown"
    assert "nobody has read whether" in trains.words
    assert (trains.asks, open_.asks) == ((), ("domain.trains_other_models_on_outputs",))


@pytest.mark.parametrize("own_servers", [True, False])
def test_a_licence_nobody_read_is_unknown_in_every_lane(*, own_servers: bool) -> None:
    assert judged("unverified", own_servers=own_servers).outcome == "unknown"


@pytest.mark.parametrize("kind", DECIDING)
def test_a_clause_that_was_not_read_is_unknown_and_one_read_as_absent_is_not(kind: str) -> None:
    read = CATALOG.licence("apache-2.0")
    team = COMPANY.changed(passes_model_on=True, trains_on_outputs=True, uses=("military",))
    unread = read.changed(
        clauses=tuple(one for one in read.clauses if one.kind != kind),
        absent=tuple(one for one in read.absent if one != kind),
    )

    assert judge_licence(read, team, own_servers=True).outcome == "conditional"
    assert judge_licence(unread, team, own_servers=True).outcome == "unknown"


@pytest.mark.parametrize("kind", ["user_ceiling", "revenue_cap", "geography"])
def test_clauses_on_the_licensee_are_not_asked_behind_an_api(kind: str) -> None:
    read = CATALOG.licence("apache-2.0")
    unread = read.changed(absent=tuple(one for one in read.absent if one != kind))

    assert judge_licence(unread, LicenceFacts(), own_servers=False).outcome == "permitted"


def test_a_fact_that_no_clause_needs_is_not_asked() -> None:
    """MIT asks nothing of a team that passes nothing on."""
    silent = LicenceFacts(passes_model_on=False)

    assert judge_licence(CATALOG.licence("mit"), silent, own_servers=True).outcome == "permitted"


def test_every_verdict_says_that_it_is_no_legal_advice() -> None:
    assert any("not legal advice" in line for line in judged("mit").not_considered)


def test_the_table_has_each_clause_with_its_section_and_each_kind_that_is_not_there() -> None:
    rows = CATALOG.licence("llama3").rows

    assert {row.kind for row in rows if row.reading == "absent"} == {
        "research_only", "revenue_cap", "geography",
    }  # fmt: skip
    ceiling = next(row for row in rows if row.kind == "user_ceiling")
    assert (ceiling.section, ceiling.reading) == ("section 2", "present")
    assert "2024-04-18" in ceiling.words
    assert {row.reading for row in CATALOG.licence("unverified").rows} == {"not_read"}


FACTS = st.builds(
    LicenceFacts,
    commercial_use=st.none() | st.booleans(),
    monthly_active_users=st.none() | st.sampled_from([0, 10**8, 10**8 + 1, 10**9]),
    monthly_active_users_at_release=st.none() | st.sampled_from([0, 10**9]),
    annual_revenue_usd=st.none() | st.sampled_from([0.0, 2.4e8, 2.5e8, 1e10]),
    established_in_eu=st.none() | st.booleans(),
    passes_model_on=st.none() | st.booleans(),
    trains_on_outputs=st.none() | st.booleans(),
    uses=st.none()
    | st.sampled_from([("internal_assistant",), ("military",), ("credit_decision",)]),
    data_types=st.none() | st.sampled_from([("personal",), ("itar_technical_data",)]),
    human_review=st.none() | st.sampled_from(["always", "none"]),
    weights_taken_on=st.none() | st.sampled_from([date(2024, 1, 1), date(2026, 1, 1)]),
)
LICENCES = st.sampled_from([one for one in CATALOG.licences if one.id != "proprietary-api"])


def run(licence: Licence, facts: LicenceFacts, *, own_servers: bool) -> LicenceVerdict:
    later = CATALOG.licence(licence.superseded_by) if licence.superseded_by else None
    return judge_licence(licence, facts, own_servers=own_servers, multimodal=True, later=later)


@settings(max_examples=150, deadline=None)
@given(licence=LICENCES, facts=FACTS, own_servers=st.booleans(), data=st.data())
def test_stating_one_more_fact_settles_or_keeps_a_verdict_and_never_turns_it_round(
    licence: Licence, facts: LicenceFacts, data: st.DataObject, *, own_servers: bool
) -> None:
    """From not permitted nothing leads out; from permitted no fact leads to a ban.

    Today's users stand in for those of a past month, so that month is left as it is here.
    """
    missing = [
        name
        for name in LicenceFacts.model_fields
        if getattr(facts, name) is None and name != "monthly_active_users_at_release"
    ]
    told = data.draw(FACTS)
    name = data.draw(st.sampled_from(missing)) if missing else "commercial_use"
    more = facts.changed(**{name: getattr(told, name)}) if missing else facts

    before = run(licence, facts, own_servers=own_servers).outcome
    after = run(licence, more, own_servers=own_servers).outcome

    assert before != "not_permitted" or after == "not_permitted"
    assert before != "permitted" or after in ("permitted", "conditional")


@settings(max_examples=100, deadline=None)
@given(licence=LICENCES, facts=FACTS, own_servers=st.booleans())
def test_every_verdict_gives_a_reason_with_its_source_and_duties_only_if_conditional(
    licence: Licence, facts: LicenceFacts, *, own_servers: bool
) -> None:
    verdict = run(licence, facts, own_servers=own_servers)

    assert verdict.because
    assert all(one.source for one in (*verdict.because, *verdict.duties))
    assert bool(verdict.duties) is (verdict.outcome == "conditional")
    assert not (verdict.outcome == "permitted" and any(one.asks for one in verdict.because))


def test_a_team_that_states_nothing_is_never_simply_permitted_restricted_weights() -> None:
    """Unknown is never a pass: each licence with a limit on its user stays open."""
    limits = {"user_ceiling", "revenue_cap", "geography", "field_of_use", "research_only"}
    for licence in CATALOG.licences:
        if not licence.verified or limits & {clause.kind for clause in licence.clauses}:
            verdict = run(licence, LicenceFacts(), own_servers=True)
            assert verdict.outcome != "permitted", licence.id
