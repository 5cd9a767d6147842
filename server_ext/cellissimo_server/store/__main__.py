"""``python -m cellissimo_server.store``: what administrators do with a store."""

from cellissimo_server.store.administration import main

raise SystemExit(main())
