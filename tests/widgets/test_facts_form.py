"""Facts are asked once on one screen; contracts are facts by provider."""

from __future__ import annotations

from playbook.compliance.records import OpenQuestion
from playbook.profile import Profile
from playbook.widgets.facts_form import MOST_CONTRACTS, FactsForm, contracts_asked
from playbook.widgets.open_fact import OpenFact
from tests.widgets.builders import HOSTILE, assess

PATHS = ("team.sectors", "data.data_types", "data.human_review", "domain.will_fine_tune")


def a_form(**data: object) -> FactsForm:
    profile = Profile.model_validate({"data": data})
    return FactsForm(profile, PATHS, on_change=lambda: None)


def a_fact(name: str, question: str = "What is signed?") -> OpenQuestion:
    return OpenQuestion(id=name, question=question, owner="", options_it_can_change=3)


def test_a_form_that_nobody_touched_leaves_the_profile_as_it_is() -> None:
    profile = Profile.model_validate({"data": {"data_types": ["phi"], "contracts": {"azure": []}}})
    form = FactsForm(profile, PATHS, on_change=lambda: None)

    assert form.onto(profile) == profile


def test_facts_of_several_sections_are_one_screen() -> None:
    form = a_form()

    form.controls["team.sectors"].input.boxes["legal"].value = True
    form.controls["data.human_review"].input.value = "always"
    form.controls["domain.will_fine_tune"].input.value = False
    profile = form.onto(Profile())

    assert profile.team.sectors == ("legal",)
    assert profile.data.human_review == "always"
    assert profile.domain.will_fine_tune is False
    assert profile.data.data_types is None


def test_signed_contracts_are_asked_for_those_on_whom_a_verdict_hangs() -> None:
    record = assess(Profile()).changed(
        open_questions=(a_fact("data.contracts.azure"), a_fact("data.data_class"))
    )
    form = a_form(contracts={"bedrock-us": ["baa"]})

    form.ask_contracts(contracts_asked(record))
    unknown = form.onto(Profile()).data.contracts
    form.controls["data.contracts.azure"].input.unknown.value = False
    none = form.onto(Profile()).data.contracts

    assert unknown == {"bedrock-us": ("baa",)}
    assert none == {"bedrock-us": ("baa",), "azure": ()}


def test_the_screen_asks_for_a_bounded_number_of_contracts_and_for_none_twice() -> None:
    form = a_form()
    many = [f"provider-{number}" for number in range(MOST_CONTRACTS + 5)]

    form.ask_contracts(many[:2])
    form.ask_contracts(many)

    assert sum(name.startswith("data.contracts.") for name in form.controls) == MOST_CONTRACTS

    form.ask_contracts(["the-one"], most=None)
    assert "data.contracts.the-one" in form.controls


def test_each_fact_says_what_it_means() -> None:
    row = a_form().box.children[0]

    assert "Sectors it works in" in row.children[1].value


def test_an_open_fact_leads_to_the_screen_or_says_who_states_it() -> None:
    gone = []
    here = OpenFact(a_fact("data.contracts.azure"), go=lambda: gone.append("facts"))
    there = OpenFact(a_fact("provider.acme.retention_days", HOSTILE), go=None)
    written = OpenFact(a_fact("data.suppliers.azure.processing_regions"), go=None)

    here.go.click()

    assert gone == ["facts"]
    assert there.go is None
    assert "ask the provider" in there.box.children[0].value
    assert "can still change 3 options" in there.box.children[0].value
    assert HOSTILE not in there.box.children[0].value
    assert "what the supplier says in writing, stated in the team" in written.box.children[0].value
