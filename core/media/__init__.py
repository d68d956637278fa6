"""Files of a site: kept, described and handed out with their access level. See docs/explanation/media.md."""

from core.media.access import LONGEST_LINK, MediaFile, open_media, open_whole, signed_media_url
from core.media.change import crop_media, delete_media, get_media, replace_media, update_media
from core.media.create import RemoteMedia, create_media, create_remote_media, receive_media
from core.media.described import MediaData
from core.media.folder import MediaFolder
from core.media.inspect import MAX_UPLOAD
from core.media.levels import check_level, level_titles
from core.media.listing import (
    KINDS,
    MOST_COUNTED,
    MediaPage,
    MediaPosition,
    MediaQuery,
    list_media,
    media_months,
)
from core.media.make import remake_renditions
from core.media.pictures import responsive_image
from core.media.quota import MediaRoom, media_room
from core.media.read import get_item, get_item_by_number, get_items, may_change
from core.media.setup import MediaSetup, build_storage, use_setup
from core.media.staging import clean_picture
from core.media.storage import MediaStorage, StorageFull, current_media, use_media
from core.media.tables import Media
from core.media.usages import media_usages
from core.media.views import MEDIA_COLUMNS, MediaItem, joined_media_view, media_views, media_views_by_number

__all__ = [
    "KINDS",
    "LONGEST_LINK",
    "MAX_UPLOAD",
    "MEDIA_COLUMNS",
    "MOST_COUNTED",
    "Media",
    "MediaData",
    "MediaFile",
    "MediaFolder",
    "MediaItem",
    "MediaPage",
    "MediaPosition",
    "MediaQuery",
    "MediaRoom",
    "MediaSetup",
    "MediaStorage",
    "RemoteMedia",
    "StorageFull",
    "build_storage",
    "check_level",
    "clean_picture",
    "create_media",
    "create_remote_media",
    "crop_media",
    "current_media",
    "delete_media",
    "get_item",
    "get_item_by_number",
    "get_items",
    "get_media",
    "joined_media_view",
    "level_titles",
    "list_media",
    "may_change",
    "media_months",
    "media_room",
    "media_usages",
    "media_views",
    "media_views_by_number",
    "open_media",
    "open_whole",
    "receive_media",
    "remake_renditions",
    "replace_media",
    "responsive_image",
    "signed_media_url",
    "update_media",
    "use_media",
    "use_setup",
]
