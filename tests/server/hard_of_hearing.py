"""A plain ``jupyter server`` whose event loop is not woken by a signal to stop.

So it is for a signal that comes between the loop's last look and its sleep; here for every one,
because another thread takes them.
"""

import signal
import threading

from jupyter_server.serverapp import main

if __name__ == "__main__":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main()
