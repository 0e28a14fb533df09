"""A record in, text out: decision records and tables."""

from playbook.exports.madr import madr_text
from playbook.exports.tables import open_questions_csv, ranked_csv

__all__ = ["madr_text", "open_questions_csv", "ranked_csv"]
