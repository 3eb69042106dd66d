"""An application taken in at the desk: who applies, for which item, which papers they brought."""
