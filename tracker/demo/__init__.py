"""Demo data: the story of one invented company, told through the same verbs that people use."""
