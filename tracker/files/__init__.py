"""Files: what shows that an action is done, as links and as files that were checked (rules 19 to 21)."""
