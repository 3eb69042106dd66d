"""One deed on many matters: chosen from a list, previewed for each, run, told for each; macros."""
