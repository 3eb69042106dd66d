"""The crew's face on a phone: today's repairs, big buttons, and everything again without signal."""
