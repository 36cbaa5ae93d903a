"""Milestones: dated results with criteria, and gates, the milestones that open a stage."""
