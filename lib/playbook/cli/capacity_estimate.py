"""`playbook capacity estimate`: what a model gives on 1, 2, 4 and 8 GPUs."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook.cli.capacity_points import facts_at_hand
from playbook.cli.facts import CATALOG, JSON
from playbook.errors import ParamsError

if TYPE_CHECKING:
    from playbook.catalog import Catalog, Gpu, Model
    from playbook.catalog.schema import EngineClass
    from playbook.costs.capacity_query import Question
    from playbook.costs.measured.mixes import Mix

ENGINES = ("vllm", "sglang", "trtllm", "llama.cpp")
ABOVE_0 = click.FloatRange(min=0, min_open=True)


@click.command("estimate")
@click.option("--model", required=True, help="Model, by id or as a hub names it.")
@click.option("--gpu", required=True, help="GPU, by id or as a data sheet names it.")
@click.option("--gpus", type=click.IntRange(1, 1024), help="GPUs; 1, 2, 4 and 8 if left out.")
@click.option("--engine", default="vllm", show_default=True, help=f"One of {', '.join(ENGINES)}.")
@click.option("--engine-version", default="", help="Its version; a current one if left out.")
@click.option("--precision", default="", help="Format of the weights; the model's if left out.")
@click.option("--kv-precision", default="bf16", show_default=True, help="Format of the KV cache.")
@click.option("--input-tokens", type=ABOVE_0, default=1_500, show_default=True, help="Of a call.")
@click.option("--output-tokens", type=ABOVE_0, default=500, show_default=True, help="Of a call.")
@click.option("--mix", help="Lengths as `input/output:share,...`, or a file of such lines.")
@click.option("--concurrency", type=click.IntRange(1), help="Calls in flight; as many as fit.")
@click.option("--first-token-s", type=ABOVE_0, help="Longest time to the first token.")
@click.option(
    "--output-tokens-per-second-per-call", "call_rate", type=ABOVE_0, help="Least speed of a call."
)
@CATALOG
@JSON
def estimate_command(extra: tuple[Path, ...], as_json: bool, **given: object) -> None:  # noqa: FBT001  click passes flags so
    """Estimate the speed of a model on GPUs, with the 80% interval.

    With a latency limit it finds the most calls in flight within it. What does not fit is told with
    the reason, and ends with code 0.
    """
    from playbook.cli.capacity_tables import print_answer  # noqa: PLC0415  only where it is needed
    from playbook.stages.capacity import ask_capacity  # noqa: PLC0415  likewise

    catalog = facts_at_hand(extra)
    found = ask_capacity(_question(catalog, given), catalog)
    if as_json:
        click.echo(json.dumps(found.model_dump(mode="json"), indent=1))
    else:
        print_answer(found)


def _question(catalog: Catalog, given: dict[str, object]) -> Question:
    """Return the question that the options ask.

    Raises:
        ParamsError: with every option that is wrong.
    """
    from playbook.costs.capacity import Setup  # noqa: PLC0415  only where it is needed
    from playbook.costs.capacity_query import GPU_COUNTS, Limits, Question  # noqa: PLC0415  likewise
    from playbook.costs.measured.deployments import precision_of  # noqa: PLC0415  likewise

    problems: list[str] = []
    model, gpu = _known(catalog, str(given["model"]), str(given["gpu"]), problems)
    formats = precision_of(f"{given['precision']}/{given['kv_precision']}")
    engine = _engine(given, gpu, problems)
    mix = _mix(given, problems)
    if formats is None:
        problems.append(
            f"--precision {given['precision'] or '(of the model)'} with --kv-precision "
            f"{given['kv_precision']} is unknown; use bf16, fp8, int8, fp4 or int4, and bf16, fp8 "
            "or int8 for the cache"
        )
    limited = bool(given["first_token_s"] or given["call_rate"])
    if limited and given["concurrency"]:
        problems.append("--concurrency and a latency limit exclude each other; leave one out")
    if problems or model is None or gpu is None or formats is None or engine is None or mix is None:
        raise ParamsError("playbook capacity estimate", problems)
    concurrency, gpus = given["concurrency"], given["gpus"]
    return Question(
        setup=Setup(
            model=model,
            gpu=gpu,
            engine_class=engine,
            weight_format=formats[0] if given["precision"] else None,
            cache_format=formats[1],
            input_tokens=mix.input_tokens,
            output_tokens=mix.output_tokens,
            longest_call_tokens=mix.longest_call_tokens,
            concurrency=int(str(concurrency)) if concurrency else None,
        ),
        gpu_counts=(int(str(gpus)),) if gpus else GPU_COUNTS,
        limits=Limits(
            float(str(given["first_token_s"] or math.inf)), float(str(given["call_rate"] or 0))
        ),
    )


def _known(
    catalog: Catalog, model: str, gpu: str, problems: list[str]
) -> tuple[Model | None, Gpu | None]:
    from playbook.costs.measured import Names  # noqa: PLC0415  only where it is needed

    names = Names(catalog)
    found = names.model(model), names.gpu(gpu)
    for option, name, known, near in (
        ("--model", model, found[0], names.near_model),
        ("--gpu", gpu, found[1], names.near_gpu),
    ):
        if known is None:
            nearest = near(name)
            kind = "models` or `architectures" if option == "--model" else "gpus"
            advice = f"did you mean {nearest}?" if nearest else f"`playbook facts show {kind}`"
            problems.append(f"{option} {name[:60]!r} is unknown; {advice}")
    return found


def _engine(given: dict[str, object], gpu: Gpu | None, problems: list[str]) -> EngineClass | None:
    from difflib import get_close_matches  # noqa: PLC0415  only where it is needed

    from playbook.costs.measured.deployments import class_of  # noqa: PLC0415  likewise

    name = str(given["engine"])
    found = class_of(name, str(given["engine_version"]), gpu)
    if found is None:
        near = get_close_matches(name.lower(), ENGINES, n=1)
        fix = f"did you mean {near[0]}?" if near else f"use one of {', '.join(ENGINES)}"
        problems.append(f"--engine {name[:40]!r} is unknown; {fix}")
    return found


def _mix(given: dict[str, object], problems: list[str]) -> Mix | None:
    from playbook.costs.measured.mixes import Mix, MixError, mix_of  # noqa: PLC0415  only where it is needed

    if not given["mix"]:
        reads, writes = float(str(given["input_tokens"])), float(str(given["output_tokens"]))
        return Mix(reads, writes, reads + writes)
    text = str(given["mix"])
    path = Path(text)
    try:
        is_file = len(text) < 1_000 and path.is_file()  # noqa: PLR2004  longer is no file name
        return mix_of(path.read_text("utf-8") if is_file else text, "--mix")
    except MixError as error:
        problems.extend(f"--mix: {line}" for line in error.problems)
    except (OSError, UnicodeDecodeError):
        problems.append(f"--mix: {text[:60]} can't be read; give lines input/output:share in UTF-8")
    return None
