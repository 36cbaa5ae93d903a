"""Whether an installation is safe to run, and if not, why and what to do."""
