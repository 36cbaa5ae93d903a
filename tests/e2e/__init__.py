"""Stories in a real browser, on the shipped start command and its demo data."""
