"""In which mood something is said. Looked at for groups only, and only where the agreement says so."""
