"""The articles the demo city begins with; data only."""
