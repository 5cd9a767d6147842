"""anywidget classes: the seam between a document in the kernel and the pages that show it."""
