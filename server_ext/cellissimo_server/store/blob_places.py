"""Opening the store of blobs by where it is."""

from __future__ import annotations

from cellissimo_server.settings import Settings
from cellissimo_server.store.blobs import Blobs
from cellissimo_server.store.folder_blobs import FolderBlobs
from cellissimo_server.store.s3_blobs import S3Blobs


def open_blobs(settings: Settings) -> Blobs:
    """The blobs at ``blobs_url``, or in the data folder.

    Raises:
        InvalidError: the address does not read.
        StoreError: it needs what is not installed.
    """
    if settings.blobs_url:
        return S3Blobs(settings.blobs_url)
    return FolderBlobs(settings.data / "blobs")
