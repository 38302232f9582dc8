"""The stream labstream 1: what a header and an epoch's frame are, as values and as bytes."""
