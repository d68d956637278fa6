"""Files of a site: kept, described and handed out with their access level. See docs/explanation/content.md."""

from core.media.access import MediaFile, check_level, open_media
from core.media.folder import MediaFolder, current_media, use_media
from core.media.inspect import inspect_file
from core.media.listing import KINDS, MediaPage, MediaPosition, MediaQuery, list_media
from core.media.operations import (
    MAX_UPLOAD,
    MediaData,
    RemoteMedia,
    create_media,
    create_remote_media,
    delete_media,
    get_item,
    get_media,
    receive_media,
    update_media,
)
from core.media.tables import Media
from core.media.views import MEDIA_COLUMNS, MediaItem, joined_media_view, media_views, media_views_by_number

__all__ = [
    "KINDS",
    "MAX_UPLOAD",
    "MEDIA_COLUMNS",
    "Media",
    "MediaData",
    "MediaFile",
    "MediaFolder",
    "MediaItem",
    "MediaPage",
    "MediaPosition",
    "MediaQuery",
    "RemoteMedia",
    "check_level",
    "create_media",
    "create_remote_media",
    "current_media",
    "delete_media",
    "get_item",
    "get_media",
    "inspect_file",
    "joined_media_view",
    "list_media",
    "media_views",
    "media_views_by_number",
    "open_media",
    "receive_media",
    "update_media",
    "use_media",
]
