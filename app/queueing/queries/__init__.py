"""Every look at queues: the house's data of a hall, its line, its day."""
