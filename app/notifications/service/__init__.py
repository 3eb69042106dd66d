"""What is told to whom: staff in their inbox, citizens by message."""
