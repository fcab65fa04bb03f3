NAME = "aa"
