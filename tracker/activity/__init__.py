"""The trail: every change is one event, in the transaction of the change, sealed in a chain."""
