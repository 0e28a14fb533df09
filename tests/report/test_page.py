"""The report is one file, shows what it must, and hostile text stays text."""

import html
import json
import re
from pathlib import Path

import pytest

from playbook.errors import ArtefactError
from playbook.report import render, write_index, write_report
from playbook.report.sections import banners, sections
from playbook.runs import Run, start_run
from playbook.trials.evidence_records import Evidence
from tests.report.builders import HOSTILE, an_evidence, records_of


@pytest.fixture(scope="module")
def hostile_page(demo_run: Run) -> str:
    return render(records_of(demo_run), run_name="20261123-120000")


def figures_of(page: str) -> list[dict]:
    found = re.search(r'<script type="application/json" id="figure-data">(.*?)</script>', page)
    assert found
    figures: list[dict] = json.loads(found.group(1))
    return figures


def test_a_report_has_at_least_eight_figures_with_a_finding_and_a_caption(demo_run: Run) -> None:
    figures = figures_of(write_report(demo_run).read_text(encoding="utf-8"))

    assert len(figures) >= 8
    for figure in figures:
        title = figure["layout"]["title"]
        assert title["text"].strip()
        assert title["subtitle"]["text"].strip()


def test_axes_with_numbers_carry_a_title(demo_run: Run) -> None:
    for figure in figures_of(write_report(demo_run).read_text(encoding="utf-8")):
        kinds = {trace.get("type", "scatter") for trace in figure["data"]}
        if kinds & {"bar", "scatter"}:
            assert figure["layout"]["xaxis"]["title"]["text"]


def test_hostile_text_stays_text(hostile_page: str) -> None:
    assert HOSTILE not in hostile_page
    assert "<img src=x" not in hostile_page
    assert hostile_page.count("<script") == 3  # the data, plotly, our few lines
    assert "&lt;/script&gt;&lt;script&gt;" in hostile_page


def test_the_page_asks_for_nothing_outside_itself(hostile_page: str) -> None:
    markup = re.sub(r"<script.*?</script>", "", hostile_page, flags=re.DOTALL)

    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#|data:)""", markup)
    assert "url(" not in markup
    assert "default-src 'none'" in html.unescape(markup)


def test_every_script_of_the_page_is_allowed_by_its_hash(hostile_page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', hostile_page)

    assert policy
    assert html.unescape(policy.group(1)).count("'sha256-") == 2
    assert "unsafe-inline' script" not in policy.group(1)


def test_a_stand_in_and_a_demonstration_model_are_named_at_the_top(demo_run: Run) -> None:
    said = " ".join(banners(records_of(demo_run, evidence=an_evidence("x"))))

    assert "stand-in" in said
    assert "demonstration models" in said
    assert "stand-in" not in " ".join(
        banners(records_of(demo_run, evidence=an_evidence("x", stand_in=False)))
    )


def test_what_is_not_considered_yet_is_said_in_every_section(demo_run: Run) -> None:
    for part in sections(records_of(demo_run)):
        assert part.not_considered, part.title


def test_a_report_is_the_same_when_it_is_rendered_again(demo_run: Run) -> None:
    first = write_report(demo_run).read_text(encoding="utf-8")

    assert write_report(demo_run).read_text(encoding="utf-8") == first


def test_a_record_changed_after_the_run_is_named_at_the_top(demo_run: Run) -> None:
    assert demo_run.changed_records() == ()
    path = demo_run.path("costs.json")
    before = path.read_bytes()
    path.write_bytes(before + b" ")
    try:
        page = write_report(demo_run).read_text(encoding="utf-8")
    finally:
        path.write_bytes(before)

    assert "Changed after the run: costs.json" in page


def test_the_first_screen_says_what_the_cost_is_made_of_and_where_prices_come_from(
    demo_run: Run,
) -> None:
    page = write_report(demo_run).read_text(encoding="utf-8")

    assert re.search(r"medians: staff \$[0-9.]+k?, ", page)
    assert "Where the prices come from" in page
    assert "litellm 1.106.2 bundled price map" in page


def test_a_run_without_its_records_says_which_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"manifest\.json: missing"):
        write_report(Run(tmp_path))


def test_the_index_lists_teams_with_a_link_and_failed_ones_with_the_reason(
    tmp_path: Path, demo_run: Run
) -> None:
    manifest = demo_run.manifest()
    good = start_run(tmp_path, "demo", started=manifest.started, as_of="2026-11-23", facts={})
    for name in ("profile", "decision", "evidence"):
        good.path(f"{name}.json").write_bytes(demo_run.path(f"{name}.json").read_bytes())
    good.update(status="complete")
    bad = start_run(tmp_path, "hospital", started=manifest.started, as_of="2026-11-23", facts={})
    bad.update(status="failed")

    page = write_index(tmp_path).read_text(encoding="utf-8")

    assert f'href="demo/{good.folder.name}/report.html"' in page
    assert "NO REPORT" in page
    assert "<script" not in page


def test_untested_evidence_is_drawn_as_words_not_as_zero(demo_run: Run) -> None:
    evidence = demo_run.read("evidence.json", Evidence)
    part = next(
        one for one in sections(records_of(demo_run, evidence=evidence)) if one.id == "trials"
    )

    assert all(not figure.data for figure in part.figures)
