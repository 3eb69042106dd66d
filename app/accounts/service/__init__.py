"""What can be done with accounts, one module per action.

Nothing is re-exported: callers name the action they mean.
"""
