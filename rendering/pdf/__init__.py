"""PDFs of the platform: forms, blanks, the guide. `documents` reads rows, `engine` makes the file."""
