"""What IPython shows and understands: rich display and magics."""
