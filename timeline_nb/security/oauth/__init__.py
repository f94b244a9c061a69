"""Sign in to platforms by OAuth 2.0, and keep what they give (RFC 6749, 8252, 8628)."""
