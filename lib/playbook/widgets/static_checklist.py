"""The checklist as a page without widgets: the same questions in the same order, to read."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from playbook.compliance.progress import progress_of
from playbook.compliance.records import Compliance, Finding, OpenQuestion
from playbook.report.compliance_tables import answered, left
from playbook.widgets.finding_words import details, evidence, heading


@dataclass(frozen=True, repr=False)
class StaticChecklist:
    """What stands in for the form in batch, or where widgets are missing."""

    record: Compliance

    def __repr__(self) -> str:
        """Return the stop signal and the questions in their order, as plain text."""
        asked = [f"{one.id}: {one.question}" for one in self.record.open_questions]
        return "\n".join([left(self.record), *asked])

    def _repr_html_(self) -> str:
        """Return the questions, the most decisive first; every text escaped."""
        findings = {one.control: one for one in self.record.findings}
        rows = [self._row(findings.get(one.id), one) for one in self.record.open_questions] or [
            Markup("<p>No question is open.</p>")
        ]
        told = progress_of(self.record)
        page = Markup(
            "<p><b>{}</b><br>{} answered, {} unknown, {} not applicable; {} of {} controls apply, "
            "{} may apply.</p>{}"
        )
        return str(
            page.format(
                left(self.record), told.answered, told.unknown, told.not_applicable, told.apply,
                told.controls, told.may_apply, Markup("").join(rows),
            )
        )  # fmt: skip

    def _row(self, finding: Finding | None, question: OpenQuestion) -> Markup:
        if finding is None:
            return Markup("<p><b>{}</b><br>{}, can still change {} options</p>").format(
                question.question, question.id, question.options_it_can_change
            )
        stands = [str(answered(finding)).replace("\n", ", "), f"owner: {question.owner}"]
        stands += [f"due {finding.due}"] if finding.due else []
        shown = Markup(" · ").join(stands)
        if finding.evidence:
            shown += Markup(" · evidence: {}").format(evidence(finding.evidence))
        opening = Markup("{}<div>{}</div><details><summary>Details</summary>{}</details><br>")
        return opening.format(heading(finding, question), shown, details(finding))
