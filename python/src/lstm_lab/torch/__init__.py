"""Recording of PyTorch trainings."""
