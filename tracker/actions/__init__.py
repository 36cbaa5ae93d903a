"""Actions: work with one assignee, a person or a partner, and one host who accepts it (rule 19)."""
