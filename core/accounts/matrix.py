"""WordPress's roles and what each may do, as data (capabilities of its schema.php, without the old levels)."""

from typing import Final

from core.contract.accounts import Capability, RoleDefinition

__all__ = ["ADMINISTRATOR", "ADMIN_CAPABILITIES", "CORE_CAPABILITIES", "CORE_ROLES", "UNATTAINABLE"]

ADMINISTRATOR: Final = "administrator"

_READ = {"read": "Read and manage the own profile"}
_CONTRIBUTE = {
    "edit_posts": "Write posts and edit the own drafts",
    "delete_posts": "Delete the own drafts",
}
_PUBLISH = {
    "publish_posts": "Publish posts",
    "edit_published_posts": "Edit the own published posts",
    "delete_published_posts": "Delete the own published posts",
    "upload_files": "Upload files",
}
_EDIT = {
    "edit_others_posts": "Edit posts of others",
    "delete_others_posts": "Delete posts of others",
    "read_private_posts": "Read private posts",
    "edit_private_posts": "Edit private posts",
    "delete_private_posts": "Delete private posts",
    "edit_pages": "Write pages and edit the own drafts",
    "edit_others_pages": "Edit pages of others",
    "edit_published_pages": "Edit the own published pages",
    "publish_pages": "Publish pages",
    "delete_pages": "Delete the own page drafts",
    "delete_others_pages": "Delete pages of others",
    "delete_published_pages": "Delete the own published pages",
    "read_private_pages": "Read private pages",
    "edit_private_pages": "Edit private pages",
    "delete_private_pages": "Delete private pages",
    "moderate_comments": "Moderate comments",
    "manage_categories": "Manage categories, tags and other terms",
    "manage_links": "Manage links",
    "unfiltered_html": "Write HTML beyond the allow-list",
}
_ADMINISTER = {
    "manage_options": "Change the site's settings",
    "list_users": "See the list of users",
    "create_users": "Create and invite users",
    "edit_users": "Edit users",
    "delete_users": "Delete users",
    "remove_users": "Take users off the site",
    "promote_users": "Give and take roles, and change roles",
    "activate_plugins": "Enable and disable plugins",
    "install_plugins": "Install plugins",
    "update_plugins": "Update plugins",
    "delete_plugins": "Uninstall plugins",
    "edit_plugins": "Edit the code of plugins",
    "switch_themes": "Switch the theme",
    "install_themes": "Install themes",
    "update_themes": "Update themes",
    "delete_themes": "Delete themes",
    "edit_themes": "Edit templates",
    "edit_theme_options": "Change menus, widgets and the look",
    "edit_files": "Edit files",
    "edit_dashboard": "Arrange the dashboard",
    "update_core": "Update the frame",
    "import": "Import content",
    "export": "Export content",
    "unfiltered_upload": "Upload files of any type",
}

_GROUPS: Final = (
    ("Reading", _READ),
    ("Writing", _CONTRIBUTE),
    ("Publishing", _PUBLISH),
    ("Editing", _EDIT),
    ("Administration", _ADMINISTER),
)

CORE_CAPABILITIES: Final = tuple(
    Capability(name=name, title=title, group=group)
    for group, rights in _GROUPS
    for name, title in rights.items()
)

ADMIN_CAPABILITIES: Final = frozenset(_ADMINISTER)
"""Whoever holds one of these is an administrator as far as sessions go: shorter, and Strict cookies."""

_SUBSCRIBER = frozenset(_READ)
_CONTRIBUTOR = _SUBSCRIBER | set(_CONTRIBUTE)
_AUTHOR = _CONTRIBUTOR | set(_PUBLISH)
_EDITOR = _AUTHOR | set(_EDIT)

CORE_ROLES: Final = (
    RoleDefinition(name=ADMINISTRATOR, title="Administrator", capabilities=_EDITOR | ADMIN_CAPABILITIES),
    RoleDefinition(name="editor", title="Editor", capabilities=_EDITOR),
    RoleDefinition(name="author", title="Author", capabilities=_AUTHOR),
    RoleDefinition(name="contributor", title="Contributor", capabilities=_CONTRIBUTOR),
    RoleDefinition(name="subscriber", title="Subscriber", capabilities=_SUBSCRIBER),
)

UNATTAINABLE: Final = "do_not_allow"
"""Nobody holds it. A question that needs it is always denied."""
