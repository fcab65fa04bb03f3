def main(): print("toy")
