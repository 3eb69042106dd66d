"""Tests of documents: numbers, prints, templates, the page that verifies them."""
