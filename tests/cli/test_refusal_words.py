"""A long reason becomes lines, and what most controls wait for comes first."""

from playbook.cli.refusal_words import refusal_lines

REASON = (
    "public data may not go to own: at most nothing. What stops more: "
    "AIA-01 Not barred: open: AIA-01, data.operating_in (Art 5 (since 2025; more from 2026)); "
    "DEF-02 No maker; really: open: data.org_roles, trials.endpoints.own.option (s. 1532; FAR 52); "
    "LIC-01 Ceiling: open: LIC-01, trials.endpoints.own.option (s. 2)"
)


def test_each_control_is_a_line_and_no_citation_is_torn() -> None:
    lines = refusal_lines(REASON)

    assert lines[0] == "public data may not go to own: at most nothing; what stops more:"
    assert [line[:8] for line in lines[1:4]] == ["- AIA-01", "- DEF-02", "- LIC-01"]
    assert lines[2].endswith("(s. 1532; FAR 52)")


def test_what_most_controls_wait_for_is_to_be_settled_first() -> None:
    assert refusal_lines(REASON)[-1].startswith("settle first: trials.endpoints.own.option, AIA-01")


def test_a_plain_reason_stays_one_line() -> None:
    assert refusal_lines("connection refused; is it on?") == ["connection refused; is it on?"]
