"""Tests of applications: their table as a graph, dates of the law, papers, stories."""
