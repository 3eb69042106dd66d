"""What may be sent to whom and when, and in which words; decisions without a database."""
