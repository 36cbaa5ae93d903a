"""Bad hands: whatever somebody sends or types, it is answered in words, kept as it was typed, and never runs."""
