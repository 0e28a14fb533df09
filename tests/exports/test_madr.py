"""The decision record has the sections of MADR 4.0, and nothing hostile in it takes effect."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from playbook.exports.madr import escaped, madr_text
from playbook.vocabulary import Verdict
from tests.decision.builders import HOSTED, Spec, a_profile, a_rate, decision_on

DECIDED = decision_on(
    Spec("alpha", usd=1_500, rate=a_rate(0.94, half=0.01)),
    Spec("beta", HOSTED, "hostco", usd=9_000),
)
HOSTILE = (
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://evil.example/p.png)",
    "# heading", "- item", "1. item", "> quote", "`code`", "www.evil.example", "<!-- x -->",
    "http://evil.example", "*bold*", "---", "&lt;b&gt;", "a\n\n# heading", "| a | b |", "    code",
    "\u202egpj.exe", "a\u2028# b", "+ item", "2) item", "===",
)  # fmt: skip


def front_matter(text: str) -> dict[str, object]:
    loaded = yaml.safe_load(text.removeprefix("---\n").split("\n---\n")[0])
    assert isinstance(loaded, dict)
    return loaded


def test_the_record_has_the_sections_of_madr_in_their_order() -> None:
    """Source: MADR 4.0.0 template, adr.github.io/madr."""
    text = madr_text(a_profile(), DECIDED)

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Context and Problem Statement", "Decision Drivers", "Considered Options",
        "Decision Outcome", "Pros and Cons of the Options", "More Information",
    ]  # fmt: skip
    assert "### Confirmation" in text


def test_a_settled_decision_is_accepted_and_an_open_one_proposed() -> None:
    open_one = decision_on(Spec("alpha"))

    assert front_matter(madr_text(a_profile(), DECIDED))["status"] == "accepted (DECIDE)"
    assert front_matter(madr_text(a_profile(), open_one))["status"] == "proposed (RUN FIRST)"


def test_conditions_are_consequences() -> None:
    found = decision_on(Spec("alpha", verdict=Verdict.CONDITIONAL, conditions=("sign the DPA",)))

    assert "* Bad, because sign the DPA" in madr_text(a_profile(), found)


def test_a_blocked_decision_is_a_record_too() -> None:
    text = madr_text(a_profile(), decision_on(Spec("alpha", verdict=Verdict.OUT)))

    assert "No option is left: " in text
    assert "1 options that a gate closed" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    rendered = parser.render(f"* {escaped(text)}")

    assert set(re.findall(r"</?(\w+)", rendered)) == {"ul", "li"}


@given(st.text(max_size=60))
def test_any_text_stays_one_item_of_one_list(text: str) -> None:
    rendered = MarkdownIt("commonmark", {"html": True}).render(f"* x {escaped(text)}")

    assert set(re.findall(r"</?(\w+)", rendered)) == {"ul", "li"}


def test_a_hostile_owner_can_not_leave_the_front_matter() -> None:
    owner = 'x"\n---\nstatus: "accepted'
    text = madr_text(a_profile(team={"owner": owner, "title": "# <b>T</b>"}), DECIDED)

    assert front_matter(text)["decision-makers"].startswith('x" --- status')  # type: ignore[attr-defined]
    assert text.count("\n---\n") == 1
    assert "# \\# \\<b\\>T\\</b\\>: which models" in text
