"""What runs in processes of its own: decoding what strangers send, rendering, bundling.

Nothing here is imported by the server. A job names a function as ``"module:function"``; a fresh
process shuts itself in (``sandbox``), calls it with a folder, its arguments and a way to report
progress, and leaves its answer in that folder (``__main__``).
"""
