"""How a stream leaves the training process: to the program `lstm-lab record`, else into a file."""
