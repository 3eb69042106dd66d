"""Questions somebody was asked first and hands over (首问负责制, rulebook §3)."""
