"""One self-contained HTML page per run, and an index of all teams."""

from playbook.report.headlines import headline
from playbook.report.index import write_index
from playbook.report.landscape import landscape_tables
from playbook.report.page import render, write_report
from playbook.report.trials import more_tables

__all__ = ["headline", "landscape_tables", "more_tables", "render", "write_index", "write_report"]
