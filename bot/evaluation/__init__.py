"""Whether a change is to be trusted: what is measured, held against the last run and the baseline, and told."""
