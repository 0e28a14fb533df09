"""Load: more and more calls in flight, and what they say of an endpoint."""
