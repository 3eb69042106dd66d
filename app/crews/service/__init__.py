"""What people do with crews: settle what they can do, say that one is there, order its way."""
