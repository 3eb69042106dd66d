"""What can be done with documents, one module per action.

`issuing` writes, prints again and voids; `templates` keeps how they look.
"""
