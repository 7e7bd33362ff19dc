"""What people do in fora and with questions. Each asks its rule first."""
