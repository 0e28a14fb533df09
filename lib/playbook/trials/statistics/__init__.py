"""Statistics of trials: intervals, paired tests, verdicts by a margin."""
