"""The files the catalogue is first filled from; data only."""
