"""Money that an initiative brings, quarter by quarter, confirmed by finance or not (module benefits)."""
