NAME = "bb"
