"""What an auditor does with the trail: check it, search it, take it along, and have words erased."""
