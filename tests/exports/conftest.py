"""The people of the tests of segments, to be taken out as files."""

from tests.segments.conftest import people

__all__ = ["people"]
