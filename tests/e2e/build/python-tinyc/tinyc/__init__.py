"""One of three packages that need each other in a row."""

import tinyb

LENGTH = tinyb.LENGTH + 1
