"""PDF: a process of its own opens the file; what stands on its pages is put together again as lines and tables."""
