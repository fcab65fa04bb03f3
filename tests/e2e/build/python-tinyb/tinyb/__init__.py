"""One of three packages that need each other in a row."""

import tinya

LENGTH = tinya.LENGTH + 1
