"""The open list goes out, comes back answered, and nothing is overwritten or guessed."""

from __future__ import annotations

import csv
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from playbook.cli import main
from playbook.profile import load_profile

ROOT = Path(__file__).parents[2]
BANK = """\
# A small bank.
team: {name: bank}
data:
  data_class: confidential
  data_types: [personal]
  org_roles: [gdpr_controller]
  operating_in: [EU]
  data_subjects_in: [EU]
  answers:  # by control
    BASE-01: {answer: met, owner: privacy office}  # said in June
    GDPR-01: {answer: not_met, reason: nothing is signed}
"""


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """Return the exit code, what was printed, and what went to the error stream."""
    with pytest.raises(SystemExit) as stop:
        main(["answers", *args])
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out, shown.err


@pytest.fixture
def params(tmp_path: Path) -> Path:
    (tmp_path / "prompts").mkdir()
    path = tmp_path / "bank.yaml"
    path.write_text(BANK, encoding="utf-8")
    return path


def rows_in(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def answered(source: Path, name: str, **cells: str) -> str:
    """Write a copy of a sheet with cells of its GDPR-01 row, or of its first row, filled in."""
    rows = rows_in(source.read_text(encoding="utf-8"))
    row = next((one for one in rows if one["control"] == "GDPR-01"), rows[0])
    row.update(cells)
    target = source.with_name(name)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return str(target)


@pytest.fixture
def sheet(params: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    target = params.with_name("out.csv")
    run(capsys, "export", str(params), "--all", "--out", str(target))
    return target


def test_the_open_list_is_printed_with_the_disclaimer_beside_it(
    params: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "export", str(params))

    rows = rows_in(out)
    assert code == 0
    assert len(rows) > 5
    assert {row["answer"] for row in rows} == {""}
    assert not {"BASE-01", "GDPR-01"} & {row["control"] for row in rows}
    assert "not legal advice" in err


def test_a_file_begins_with_the_mark_by_which_excel_knows_utf_8(sheet: Path) -> None:
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbfcontrol,regime,")


def test_one_role_gets_its_rows_only(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, everything, _ = run(capsys, "export", str(params))
    owner = rows_in(everything)[0]["owner"]

    _, out, _ = run(capsys, "export", str(params), "--owner", owner.upper())

    assert [row for row in rows_in(everything) if row["owner"] == owner] == rows_in(out)


def test_a_role_that_is_asked_nothing_is_a_problem_with_the_nearest_one(
    params: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "export", str(params), "--owner", "securty lead")

    assert code == 2
    assert "did you mean security lead?" in err


def test_each_role_gets_a_file_and_together_they_hold_every_row_once(
    params: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, everything, _ = run(capsys, "export", str(params))

    code, out, _ = run(capsys, "export", str(params), "--per-owner", str(tmp_path / "roles"))

    files = [Path(line) for line in out.splitlines()]
    parts = [rows_in(path.read_text(encoding="utf-8")) for path in files]
    assert code == 0
    assert len(files) > 2
    assert all(len({row["owner"] for row in rows}) == 1 for rows in parts)
    assert sorted(row["control"] for rows in parts for row in rows) == sorted(
        row["control"] for row in rows_in(everything)
    )


def test_a_file_that_may_hold_answers_is_not_overwritten(
    params: Path, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.write_text("mine", encoding="utf-8")

    code, _, err = run(capsys, "export", str(params), "--out", str(sheet))

    assert (code, sheet.read_text(encoding="utf-8")) == (2, "mine")
    assert "--overwrite" in err


def test_a_sheet_that_comes_back_unanswered_or_unchanged_changes_nothing(
    params: Path, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "import", str(sheet), str(params))

    assert code == 0
    assert "0 answers changed" in out
    assert params.read_text(encoding="utf-8") == BANK


def test_new_answers_are_saved_and_every_other_line_stays(
    params: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = params.with_name("open.csv")
    run(capsys, "export", str(params), "--out", str(target))
    cells = {"answer": "partly", "reason": "=half, 'done'\nso far", "due": "29.01.2027"}
    control = rows_in(target.read_text(encoding="utf-8"))[0]["control"]

    code, out, _ = run(capsys, "import", answered(target, "back.csv", **cells), str(params))

    saved = load_profile(params).data.answers[control]
    text = params.read_text(encoding="utf-8")
    assert code == 0
    assert f"{control}: open -> Partly" in out
    assert (saved.answer, saved.reason) == ("partly", "=half, 'done'\nso far")
    assert str(saved.due) == "2027-01-29"
    assert set(BANK.splitlines()) <= set(text.splitlines())


def test_a_conflict_is_shown_and_nothing_is_written(
    params: Path, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = answered(sheet, "first.csv", answer="Yes")
    second = answered(sheet, "second.csv", answer="Partly")

    code, out, err = run(capsys, "import", first, second, str(params))

    assert code == 1
    for word in ("GDPR-01", "In params", "No", "Yes", "Partly"):
        assert word in out
    assert "--take file or --take params" in err
    assert params.read_text(encoding="utf-8") == BANK


@pytest.mark.parametrize(("take", "word"), [("file", "met"), ("params", "not_met")])
def test_who_wins_a_conflict_is_said_by_the_user(
    take: str, word: str, params: Path, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back = answered(sheet, "back.csv", answer="Yes")

    code, _, _ = run(capsys, "import", back, str(params), "--take", take)

    assert code == 0
    assert load_profile(params).data.answers["GDPR-01"].answer == word


def test_problems_of_all_files_come_at_once_and_nothing_is_written(
    params: Path, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = answered(sheet, "first.csv", answer="Yess")
    second = answered(sheet, "second.csv", answer="Yes", due="1/2/2027")
    third = sheet.with_name("third.csv")
    third.write_bytes("control,answer\nGDPR-01,J\xe4\n".encode("latin-1"))

    code, _, err = run(capsys, "import", first, second, str(third), str(params))

    assert code == 2
    for word in ("first.csv: line", "Yess", "second.csv: line", "1/2/2027", "third.csv: line 2"):
        assert word in err
    assert "Traceback" not in err
    assert params.read_text(encoding="utf-8") == BANK


def test_an_answer_that_the_organisation_locked_stays(
    params: Path, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    org = "defaults: {data: {answers: {GDPR-01: {answer: not_met}}}}\nlocked: [data.answers]\n"
    params.with_name("org.yaml").write_text(org, encoding="utf-8")
    params.write_text("team: {name: bank}\n", encoding="utf-8")

    code, _, err = run(
        capsys, "import", answered(sheet, "b.csv", answer="Yes"), str(params), "--take", "file"
    )

    assert code == 2
    assert "locks it" in err
    assert params.read_text(encoding="utf-8") == "team: {name: bank}\n"


def test_the_checklist_is_printed_to_a_page_that_overwrites_nothing(
    params: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = params.with_name("list.html")

    first, _, _ = run(capsys, "print", str(params), "--out", str(target))
    second, _, err = run(capsys, "print", str(params), "--out", str(target))

    assert (first, second) == (0, 2)
    assert "is there already" in err
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_help_of_the_group_takes_under_half_a_second_of_cpu() -> None:
    script = (
        "import time\nfrom playbook.cli import main\n"
        "try:\n    main(['answers', '--help'])\nexcept SystemExit:\n    pass\n"
        "print('CPU', time.process_time())"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert float(done.stdout.rsplit("CPU", 1)[1]) < 0.5


def test_a_sheet_saved_in_excels_old_encoding_is_refused_with_what_to_choose(
    capsys: pytest.CaptureFixture[str], params: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.csv"
    old.write_bytes("control;answer;reason\nGDPR-01;Yes;geprüft\n".encode("cp1252"))

    code, _, problem = run(capsys, "import", str(old), str(params))

    assert code == 2
    assert "line 2: not UTF-8; save the file as UTF-8 (in Excel: Save as, CSV UTF-8)" in problem
    assert params.read_text(encoding="utf-8") == BANK
