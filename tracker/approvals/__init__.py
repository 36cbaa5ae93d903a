"""Approvals: one request for one decision on a gate, what the decision asks for, and the only road by which stages open."""
