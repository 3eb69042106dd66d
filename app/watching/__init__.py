"""People who follow a matter that is not theirs: "me too" instead of a second report."""
