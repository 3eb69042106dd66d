"""What the pages of data quality show: trouble by kind, pairs side by side, merges made.

Views only; they are filled from the services of citizens.
"""
