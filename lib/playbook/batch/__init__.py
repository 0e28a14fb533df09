"""Runs of many teams: notebooks by papermill, one process per team."""

from playbook.batch.display import Display, closing_table
from playbook.batch.pool import run_teams
from playbook.batch.team import Event, TeamResult, run_team

__all__ = ["Display", "Event", "TeamResult", "closing_table", "run_team", "run_teams"]
