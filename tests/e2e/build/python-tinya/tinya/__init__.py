"""One of three packages that need each other in a row."""

LENGTH = 1
