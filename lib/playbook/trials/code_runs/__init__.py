"""Run an answer's code in a child process; `running` says what the bounds hold and what not."""
