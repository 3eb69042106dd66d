"""What applications (办件) have besides being a matter: their papers, dates, jobs and documents."""
