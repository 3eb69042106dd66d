"""The sample items shipped with the house; written by the project, taken from no city."""
