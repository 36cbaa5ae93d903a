"""Updates: dated status reports with a colour, its reason, and the help that is needed."""
