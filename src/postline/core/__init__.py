"""Pure decisions: states, rules, content, retry and time. No I/O; `now` is an argument."""
