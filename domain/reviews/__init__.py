"""Reviews: a period looked back upon, under one regulation or for the whole office."""
