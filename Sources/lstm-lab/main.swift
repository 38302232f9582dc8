print("lstm-lab")
