"""A question of the checklist in HTML: what it rests on, why it applies; everything escaped."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from markupsafe import Markup

from playbook.compliance.records import Finding, OpenQuestion
from playbook.report.compliance_tables import BASIS, at_stake

MUTED = "color:#5f6c7b"
BADGE = (
    "display:inline-block;border:1px solid #5f6c7b;border-radius:9px;padding:0 8px;color:#1f2933"
)
STALE = "background:#fff0c2;border:1px solid #e69f00;border-radius:9px;padding:0 8px;color:#1f2933"
LINK = "color:#0b5cad;text-decoration:underline"
MARKS = {"sourced": "■", "secondary": "◧", "house": "⌂", "memory": "△"}
SCHEMES = ("http", "https")


def heading(finding: Finding, question: OpenQuestion | None) -> Markup:
    """Return the question with a line of what matters most about it."""
    can_change = question.options_it_can_change if question else 0
    facts: list[str] = [Markup("<b>{}</b>").format(finding.control), finding.citation]
    line = Markup(" · ").join([*facts, basis(finding), *_marks(finding)])
    hangs = [_options(can_change)] if question else []
    if question and question.usd_per_month_at_stake is not None:
        hangs.append(f"{at_stake(question)} a month at stake (p50, computed)")
    asked = question.question if question else finding.question
    return Markup("<div style='line-height:1.5'><b>{}</b><br>{}{}</div>").format(
        asked,
        Markup("<span style='{}'>{}</span>").format(MUTED, line),
        Markup("<br>{}").format(", ".join(hangs)) if hangs else "",
    )


def basis(finding: Finding) -> Markup:
    """Return the badge that says what a control rests on, in a symbol and words."""
    words = f"{MARKS[finding.basis]} {BASIS[finding.basis]}"
    return Markup("<span style='{}'>{}</span>").format(BADGE, words)


def _marks(finding: Finding) -> Iterable[Markup]:
    if finding.review_overdue:
        words = f"⚠ stale: to be read again by {finding.review_by}"
        yield Markup("<span style='{}'>{}</span>").format(STALE, words)
    if finding.expired:
        words = f"⌛ the answer of before expired on {finding.valid_until}; it counts as unknown"
        yield Markup("<span style='{}'>{}</span>").format(STALE, words)
    if finding.applies == "may":
        words = f"may apply: {', '.join(finding.missing_facts)} not known"
        yield Markup("<span>{}</span>").format(words)


def _options(count: int) -> str:
    if count == 0:
        return "changes no verdict"
    return f"can still change {count} option{'s' * (count != 1)}"


def details(finding: Finding, effects: Iterable[tuple[str, str]] = ()) -> Markup:
    """Return all about a control: why, sources, dates, remedy, and what each answer would do.

    Args:
        finding: The control as it stands.
        effects: What each answer would do to the options, in words, by the answer's name.
    """
    rows = [
        ("Why it applies", finding.why or "it does not apply"),
        ("Rests on", Markup("{} {}").format(finding.citation, basis(finding))),
        ("Stated", f"{finding.stated_as_of}, to be read again by {finding.review_by}"),
        ("Sources", Markup("<br>").join(finding.sources) or "none: no text was read"),
        ("If not met", finding.remedy),
        *(("Mind", one) for one in finding.advice),
        *((f"If {name}", words) for name, words in effects),
    ]
    row = Markup(
        "<tr><td style='text-align:left;vertical-align:top;white-space:nowrap;padding:1px 12px 1px "
        "0;{}'>{}</td><td style='text-align:left;white-space:normal'>{}</td></tr>"
    )
    body = Markup("").join(row.format(MUTED, name, words) for name, words in rows)
    return Markup("<table style='line-height:1.45;margin:2px 0'><tbody>{}</tbody></table>").format(
        body
    )


def evidence(text: str) -> Markup:
    """Return evidence as text; a web address can be clicked, anything else can not.

    Example:
        >>> str(evidence("javascript:alert(1)"))
        'javascript:alert(1)'
    """
    if not _is_address(text):
        return Markup("{}").format(text)
    return Markup("<a href='{}' target='_blank' rel='noopener noreferrer'>{}</a>").format(
        text, text
    )


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = text.isprintable() and " " not in text
    return plain and parts.scheme in SCHEMES and bool(parts.netloc)
