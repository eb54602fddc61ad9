"""PDFs of the platform: forms, blanks, the guide. `papers` reads rows, `engine` makes the file."""
