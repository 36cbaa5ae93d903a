"""What an initiative is to do for a company KPI: from where, to where, by when (rules 7 to 9)."""
