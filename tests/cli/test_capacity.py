"""`playbook capacity` estimates, validates and fits, and tells what is wrong with its input."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.catalog.measured_points import load_measured_tables
from playbook.cli import main
from playbook.stages.capacity import Refitted

HEADER = (
    "source,model,params_b,active_params_b,precision,gpu,n_gpu,parallelism,engine,engine_version,"
    "isl,osl,concurrency_or_batch,metric,value"
)
ROW = (
    "lab,Llama-3-8B,8.03,8.03,fp16/fp16,H100,1,tp1,vllm,0.11.0,1000,500,16,total_output_tok_s,1500"
)
STRATUM = {"n", "mdape", "within_25", "coverage_80", "median_ratio"}


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    """Return the exit code, what was printed, and what was printed as an error."""
    with pytest.raises(SystemExit) as stop:
        main(["capacity", *map(str, args)])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err
    return int(stop.value.code or 0), shown.out, shown.err


def a_file(folder: Path, *rows: str) -> Path:
    path = folder / "points.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def validated(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, dict[str, object]]:
    code, out, _ = run(capsys, "validate", path, "--json")
    assert code == 0
    found: dict[str, dict[str, object]] = json.loads(out)
    return found


def estimated(capsys: pytest.CaptureFixture[str], *args: object) -> list[dict[str, object]]:
    code, out, _ = run(capsys, "estimate", "--json", *args)
    assert code == 0
    answers: list[dict[str, object]] = json.loads(out)["answers"]
    return answers


class TestValidate:
    def test_json_has_just_the_promised_keys(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        unknown = ROW.replace("H100", "TPU-v9")

        found = validated(capsys, a_file(tmp_path, ROW, unknown, unknown))

        strata = {"by_metric", "by_gpu", "by_model", "by_engine", "by_seen"}
        assert set(found) == {"overall", *strata, "unsupported"}
        assert set(found["overall"]) == STRATUM
        for name in strata:
            assert all(set(one) == STRATUM for one in found[name].values())  # type: ignore[arg-type]
        assert found["unsupported"] == [{"reason": "unknown GPU TPU-v9", "n": 2}]

    def test_rows_of_the_fit_are_told_and_new_ones_are_not(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (table,) = (one for one in load_measured_tables() if one.name == "qwen-speed")
        shipped = tmp_path / "shipped.csv"
        shipped.write_text(table.points, encoding="utf-8")

        _, _, told = run(capsys, "validate", shipped)
        _, _, silent = run(capsys, "validate", a_file(tmp_path, ROW))

        assert "4 of these 4 rows were used in the fit; their error is not a test" in told
        assert silent == ""

    def test_the_table_for_people_is_narrow_and_plain_when_piped(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, out, _ = run(capsys, "validate", a_file(tmp_path, ROW))

        assert "\x1b" not in out
        assert max(map(len, out.splitlines())) < 100
        assert "Every row has an estimate." in out

    def test_a_bad_file_ends_with_2_and_every_problem(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bad = ROW.replace(",1,tp1", ",none,tp1").replace("1500", "-3")

        code, _, err = run(capsys, "validate", a_file(tmp_path, ROW, bad))

        assert code == 2
        assert "points.csv: 2 problems" in err
        assert "line 3, column n_gpu: 'none' is not a number" in err
        assert "line 3, column value: -3 is negative" in err

    def test_a_missing_file_ends_with_2(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, _, err = run(capsys, "validate", tmp_path / "none.csv")

        assert code == 2
        assert "does not exist" in err


class TestEstimate:
    LLAMA_70B = ("--model", "llama-3.3-70b-instruct", "--gpu", "h100")

    def test_the_cliff_of_70_billion_parameters_in_16_bits_shows(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Weights of 70.6 billion parameters take 141 GB in 16 bits; an H100 has 80."""
        one, two, four, _ = estimated(capsys, *self.LLAMA_70B)

        assert (one["gpus"], one["fits"]) == (1, False)
        assert one["reason"]
        assert one["output_tokens_per_second"] is None
        assert (two["fits"] and two["largest_batch"]) < four["largest_batch"]  # type: ignore[operator]

    def test_every_rate_says_which_tokens_it_counts_and_they_add_up(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (found,) = estimated(
            capsys, *self.LLAMA_70B, "--gpus", 4, "--input-tokens", 1500, "--output-tokens", 500
        )

        output = found["output_tokens_per_second"]["p50"]  # type: ignore[index]
        assert found["input_tokens_per_second"] == pytest.approx(3 * output)
        assert found["total_tokens_per_second"] == pytest.approx(4 * output)

    def test_the_interval_holds_the_estimate(self, capsys: pytest.CaptureFixture[str]) -> None:
        (found,) = estimated(capsys, *self.LLAMA_70B, "--gpus", 4)

        interval: dict[str, float] = found["output_tokens_per_second"]  # type: ignore[assignment]
        assert 0 < interval["p10"] < interval["p50"] < interval["p90"]

    def test_a_tighter_limit_never_allows_more_calls(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        calls = [
            estimated(
                capsys, *self.LLAMA_70B, "--gpus", 4,
                "--output-tokens-per-second-per-call", rate,
            )[0]["concurrency"]
            for rate in (10, 25, 40)
        ]  # fmt: skip

        assert calls == sorted(calls, reverse=True)  # type: ignore[type-var]
        assert calls[0] != calls[-1]

    def test_a_limit_that_no_call_meets_is_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        (found,) = estimated(
            capsys, *self.LLAMA_70B, "--gpus", 4, "--output-tokens-per-second-per-call", 5000
        )

        assert found["meets_limits"] is False
        assert re.fullmatch(
            r"misses the latency limits with a single call: "
            r"[\d.]+ output tokens/s for a call, asked 5000",
            str(found["reason"]),
        )

    def test_a_mix_of_lengths_may_stand_in_a_file(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "mix.txt"
        path.write_text("1000/400: 50%\n2000/600: 50%\n", encoding="utf-8")

        by_file = estimated(capsys, *self.LLAMA_70B, "--mix", path)
        by_text = estimated(capsys, *self.LLAMA_70B, "--mix", "1000/400:0.5,2000/600:0.5")

        assert by_file == by_text

    @pytest.mark.parametrize(
        ("args", "problem"),
        [
            (("--model", "lama-3.3-70b"), "did you mean llama-3.3-70b-instruct?"),
            (("--gpu", "H1000"), "--gpu 'H1000' is unknown; did you mean h100?"),
            (("--engine", "vlm"), "--engine 'vlm' is unknown; did you mean vllm?"),
            (("--precision", "ternary"), "--precision ternary"),
            (("--mix", "500/200:0.5"), "--mix: its shares sum to 0.5"),
            (("--concurrency", 4, "--first-token-s", 1), "exclude each other"),
            (("--gpus", 0), "0 is not in the range"),
            (("--input-tokens", -5), "-5.0 is not in the range"),
        ],
    )
    def test_a_wrong_option_ends_with_2_and_says_what_to_give(
        self, args: tuple[object, ...], problem: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, _, err = run(capsys, "estimate", *self.LLAMA_70B, *args)

        assert code == 2
        assert problem in err

    def test_all_wrong_options_are_told_at_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, _, err = run(
            capsys, "estimate", "--model", "nonsense", "--gpu", "nothing", "--engine", "none"
        )

        assert code == 2
        assert "playbook capacity estimate: 3 problems" in err

    def test_the_table_for_people_shows_all_four_counts_and_what_it_rests_on(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, out, _ = run(capsys, "estimate", *self.LLAMA_70B)

        assert code == 0
        assert max(map(len, out.splitlines())) < 100
        assert "1 GPU: " in out
        assert "output/s" in out
        assert "rests on fit of" in out


class TestFit:
    """The fit itself is tested where it is made; here a quick stand-in takes its place."""

    @pytest.fixture(autouse=True)
    def _quick(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fit = load_catalog().capacity_fit
        assert fit is not None

        def quick(rows: Sequence[object], *_: object, **__: object) -> Refitted:
            return Refitted(fit, f"# a fit with {len(rows)} more rows\n", ())

        monkeypatch.setattr("playbook.stages.capacity.fit_again", quick)

    def test_without_out_nothing_is_written(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, out, _ = run(capsys, "fit")

        assert code == 0
        assert "Nothing was written; --out FILE writes the fit as a file of facts." in out

    def test_out_is_written_whole_and_leaves_no_part_behind(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        target = tmp_path / "facts" / "capacity.yaml"

        code, out, _ = run(capsys, "fit", a_file(tmp_path, ROW), "--out", target)

        assert code == 0
        assert target.read_text(encoding="utf-8") == "# a fit with 1 more rows\n"
        assert [one.name for one in target.parent.iterdir()] == ["capacity.yaml"]
        assert "written" in out

    def test_a_bad_file_of_points_is_refused_before_the_fit(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        target = tmp_path / "capacity.yaml"

        code, _, err = run(
            capsys, "fit", a_file(tmp_path, ROW.replace("1500", "x")), "--out", target
        )

        assert code == 2
        assert "'x' is not a number" in err
        assert not target.exists()


def test_a_gpu_of_an_organisation_s_own_facts_can_be_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "g9.yaml").write_text(
        "sources: {s: {title: Sheet, as_of: 2026-11-01, kind: vendor}}\n"
        "gpus: [{id: g9, title: G9, memory_gb: 96, bandwidth_gb_per_s: 3000, "
        "dense_bf16_tflops: 900, tdp_w: 600, source: s}]\n",
        encoding="utf-8",
    )

    (found,) = estimated(
        capsys, "--model", "llama-3.1-8b", "--gpu", "G9", "--gpus", 1, "--catalog", tmp_path
    )

    assert found["fits"] is True
    assert found["provenance"] == "assumed"
