"""Documents the office hands out: numbered without gaps, printed from templates, verifiable."""
