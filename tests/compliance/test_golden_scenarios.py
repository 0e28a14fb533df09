"""Six teams and twelve options: the expected verdict of each, with the controls that decide it.

The tables are reasoned from the controls' texts. Facts alone decide what is OUT with nothing
answered: a contract that is not signed, a country, a developer, a vendor that trains on inputs.
Contracts are those of `golden_builders.TEAMS`; every other question is unanswered, or `met`.
"""

from __future__ import annotations

import pytest

from tests.compliance.golden_builders import OPTIONS, TEAMS, Cell, cells, judged

TABLES = {
    # Only what a business associate agreement covers, and own machines (HIPAA-05 asks after them).
    "hospital": """
option              | nothing answered                        | all answered met
US API, no contract | OUT HIPAA-01                            | OUT HIPAA-01
US API, contracts   | UNDETERMINED BASE-01 BASE-03 HIPAA-02   | OK
EU API, EU owner    | OUT HIPAA-01                            | OUT HIPAA-01
EU region, US owner | OUT HIPAA-01                            | OUT HIPAA-01
China-operated API  | OUT BASE-02 HIPAA-01                    | OUT BASE-02 HIPAA-01
hosted open, US     | OUT HIPAA-01                            | OUT HIPAA-01
own, Apache         | UNDETERMINED HIPAA-05                   | OK
own, Llama 3        | UNDETERMINED HIPAA-05                   | OK
own, Qwen           | UNDETERMINED HIPAA-05                   | OK
own, DeepSeek       | UNDETERMINED HIPAA-05                   | OK
rented GPUs, US     | OUT HIPAA-01                            | OUT HIPAA-01
rented GPUs, EU     | OUT HIPAA-01                            | OUT HIPAA-01
""",
    # Art 30 terms decide, an Art 28 contract too; the ban on practices of the AI Act is on all.
    "EU bank": """
option              | nothing answered                        | all answered met
US API, no contract | OUT DORA-02 GDPR-01                     | OUT DORA-02 GDPR-01
US API, contracts   | OUT DORA-02                             | OUT DORA-02
EU API, EU owner    | UNDETERMINED AIA-01 BASE-01 BASE-03     | OK
EU region, US owner | UNDETERMINED AIA-01 BASE-01 BASE-03     | OK
China-operated API  | OUT BASE-02 DORA-02 GDPR-01 GDPR-04     | OUT BASE-02 DORA-02 GDPR-01 GDPR-04
hosted open, US     | OUT DORA-02 GDPR-01                     | OUT DORA-02 GDPR-01
own, Apache         | UNDETERMINED AIA-01                     | OK
own, Llama 3        | UNDETERMINED AIA-01                     | OK
own, Qwen           | UNDETERMINED AIA-01                     | OK
own, DeepSeek       | UNDETERMINED AIA-01                     | OK
rented GPUs, US     | OUT DORA-02 GDPR-01                     | OUT DORA-02 GDPR-01
rented GPUs, EU     | UNDETERMINED AIA-01                     | OK
""",
    # Own machines only; Llama hangs on its field-of-use ban; the statute names DeepSeek alone.
    "defence contractor": """
option              | nothing answered                        | all answered met
US API, no contract | OUT DEF-01 ITAR-01                      | OUT DEF-01 ITAR-01
US API, contracts   | OUT ITAR-01                             | OUT ITAR-01
EU API, EU owner    | OUT DEF-01 ITAR-01                      | OUT DEF-01 ITAR-01
EU region, US owner | OUT DEF-01 ITAR-01                      | OUT DEF-01 ITAR-01
China-operated API  | OUT BASE-02 DEF-01 DEF-02 ITAR-01       | OUT BASE-02 DEF-01 DEF-02 ITAR-01
hosted open, US     | OUT DEF-01 ITAR-01                      | OUT DEF-01 ITAR-01
own, Apache         | UNDETERMINED DEF-04                     | OK
own, Llama 3        | UNDETERMINED DEF-04 LIC-04              | OK
own, Qwen           | UNDETERMINED DEF-04                     | CONDITIONAL DEF-05
own, DeepSeek       | OUT DEF-02                              | OUT DEF-02
rented GPUs, US     | OUT DEF-01 ITAR-01                      | OUT DEF-01 ITAR-01
rented GPUs, EU     | OUT DEF-01 ITAR-01                      | OUT DEF-01 ITAR-01
""",
    # No contract is prescribed, so all hangs on answers; but a vendor that trains is out.
    "law firm": """
option              | nothing answered                                        | all answered met
US API, no contract | UNDETERMINED BASE-01 BASE-03 LEGAL-01 LEGAL-02 LEGAL-05 | OK
US API, contracts   | UNDETERMINED BASE-01 BASE-03 LEGAL-01 LEGAL-02 LEGAL-05 | OK
EU API, EU owner    | UNDETERMINED BASE-01 BASE-03 LEGAL-01 LEGAL-02 LEGAL-05 | OK
EU region, US owner | UNDETERMINED BASE-01 BASE-03 LEGAL-01 LEGAL-02 LEGAL-05 | OK
China-operated API  | OUT BASE-02 LEGAL-01                                    | OUT BASE-02 LEGAL-01
hosted open, US     | UNDETERMINED BASE-01 BASE-03 LEGAL-01 LEGAL-02 LEGAL-05 | OK
own, Apache         | UNDETERMINED LEGAL-02                                   | OK
own, Llama 3        | UNDETERMINED LEGAL-02                                   | OK
own, Qwen           | UNDETERMINED LEGAL-02                                   | OK
own, DeepSeek       | UNDETERMINED LEGAL-02                                   | OK
rented GPUs, US     | UNDETERMINED LEGAL-02 LEGAL-05                          | OK
rented GPUs, EU     | UNDETERMINED LEGAL-02 LEGAL-05                          | OK
""",
    # A student data agreement decides; own machines have no gate, but all their conditions.
    "school": """
option              | nothing answered                        | all answered met
US API, no contract | OUT EDU-01                              | OUT EDU-01
US API, contracts   | UNDETERMINED BASE-01 BASE-03 EDU-02     | OK
EU API, EU owner    | OUT EDU-01                              | OUT EDU-01
EU region, US owner | OUT EDU-01                              | OUT EDU-01
China-operated API  | OUT BASE-02 EDU-01 EDU-02               | OUT BASE-02 EDU-01 EDU-02
hosted open, US     | OUT EDU-01                              | OUT EDU-01
own, Apache         | CONDITIONAL own-servers SEC-02          | OK
own, Llama 3        | CONDITIONAL own-servers SEC-02          | OK
own, Qwen           | CONDITIONAL own-servers SEC-02 CN-03    | OK
own, DeepSeek       | CONDITIONAL own-servers SEC-02 CN-03    | OK
rented GPUs, US     | OUT EDU-01                              | OUT EDU-01
rented GPUs, EU     | OUT EDU-01                              | OUT EDU-01
""",
    # Public data: all can be used, with what own servers and Chinese origin ask for.
    "start-up": """
option              | nothing answered                        | all answered met
US API, no contract | OK                                      | OK
US API, contracts   | OK                                      | OK
EU API, EU owner    | OK                                      | OK
EU region, US owner | OK                                      | OK
China-operated API  | CONDITIONAL CN-03                       | OK
hosted open, US     | OK                                      | OK
own, Apache         | CONDITIONAL own-servers                 | OK
own, Llama 3        | CONDITIONAL own-servers                 | OK
own, Qwen           | CONDITIONAL own-servers CN-03           | OK
own, DeepSeek       | CONDITIONAL own-servers CN-03           | OK
rented GPUs, US     | CONDITIONAL own-servers                 | OK
rented GPUs, EU     | CONDITIONAL own-servers                 | OK
""",
}
CELLS = [cell for team, table in TABLES.items() for cell in cells(team, table)]
REGULATED = [team for team in TABLES if team != "start-up"]


def name_of(cell: Cell) -> str:
    return f"{cell.team}, {cell.option}, {'all met' if cell.answered else 'nothing answered'}"


@pytest.mark.parametrize("cell", CELLS, ids=name_of)
def test_an_option_has_the_verdict_of_the_table_by_the_controls_it_names(cell: Cell) -> None:
    verdict, controls = judged(cell.team, answered=cell.answered)[cell.option]

    assert (verdict, tuple(sorted(controls))) == (cell.verdict, cell.controls)


def test_the_tables_hold_every_team_and_option_in_both_states() -> None:
    assert set(TABLES) == set(TEAMS)
    assert {(one.team, one.option, one.answered) for one in CELLS} == {
        (team, option, answered)
        for team in TEAMS
        for option in OPTIONS
        for answered in (False, True)
    }


@pytest.mark.parametrize("team", REGULATED)
def test_with_nothing_answered_a_regulated_team_has_no_option_that_is_ok(team: str) -> None:
    verdicts = {verdict for verdict, _ in judged(team, answered=False).values()}

    assert "OK" not in verdicts


@pytest.mark.parametrize("team", REGULATED)
def test_what_a_fact_puts_out_no_answer_brings_back(team: str) -> None:
    before, after = judged(team, answered=False), judged(team, answered=True)

    out_by_facts = {option: found for option, found in before.items() if found[0] == "OUT"}

    assert out_by_facts
    assert {option: after[option] for option in out_by_facts} == out_by_facts


def test_services_run_from_china_are_for_public_data_only() -> None:
    found = {team: judged(team, answered=True)["China-operated API"][0] for team in TABLES}

    assert found.pop("start-up") == "OK"
    assert set(found.values()) == {"OUT"}
