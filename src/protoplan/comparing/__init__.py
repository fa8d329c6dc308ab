"""What differs between two plans, or two versions of a protocol."""
