"""Work that spans several apps."""
