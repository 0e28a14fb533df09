"""All comparisons of a run: pairs of endpoints by pass rate, by latency and by cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbook.profile.profile import Profile
from playbook.trials.book import Book
from playbook.trials.endpoint_evidence import latencies_of
from playbook.trials.latencies import latency_by_prompt
from playbook.trials.records import Comparison
from playbook.trials.results import Result, is_own_work, marks_by_endpoint, spent_by_prompt
from playbook.trials.statistics.versus import (
    compare_costs,
    compare_latencies,
    compare_pass_rates,
    judged,
)


def compare_endpoints(profile: Profile, book: Book) -> tuple[Comparison, ...]:
    """Return the comparisons of a run, those of all tasks together first.

    Prompts of a safety part are tasks of their own, and in no comparison of all tasks.
    p values are adjusted for all of them at once, whatever they compare.

    Args:
        profile: Its section `trials` has the margin.
        book: Results and attempts of the run.
    """
    margin = profile.trials.non_inferiority_margin
    found = list(compare_pass_rates(marks_by_endpoint(_own_work(book)), margin=margin))
    found += _by_task(book, margin=margin)
    found += _latencies(book)
    found += compare_costs(_spent(book), seed=profile.trials.seed)
    return judged(found)


def _own_work(book: Book) -> dict[str, Sequence[Result]]:
    return {
        endpoint: [one for one in results if is_own_work(one.trial)]
        for endpoint, results in book.results.items()
    }


def _by_task(book: Book, *, margin: float) -> Iterator[Comparison]:
    tasks = dict.fromkeys(one.trial.prompt.task for one in book.all_results)
    for task in tasks if len(tasks) > 1 else ():
        yield from compare_pass_rates(
            marks_by_endpoint(_of_task(book, task)), margin=margin, task=task
        )


def _of_task(book: Book, task: str) -> dict[str, Sequence[Result]]:
    return {
        endpoint: [one for one in results if one.trial.prompt.task == task]
        for endpoint, results in book.results.items()
    }


def _latencies(book: Book) -> Iterator[Comparison]:
    """Yield comparisons of endpoints that the same client timed; across clients they mislead."""
    timed = {endpoint: latencies_of(endpoint, book) for endpoint in book.results}
    for client in dict.fromkeys(one.timed_by for one in timed.values() if one.used):
        yield from compare_latencies(
            {
                endpoint: latency_by_prompt(one)
                for endpoint, one in timed.items()
                if one.timed_by == client
            }
        )


def _spent(book: Book) -> dict[str, dict[str, tuple[float, float, str]]]:
    found = {
        endpoint: dict(spent_by_prompt(results, book.attempts.get(endpoint, ())))
        for endpoint, results in book.results.items()
    }
    return {endpoint: one for endpoint, one in found.items() if one}
