"""What complaints have besides being a matter: investigation file, measures, recusal, callers."""
