"""Repairs of facilities: what only they have beside their matter (rulebook §5)."""
