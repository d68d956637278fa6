"""What somebody probably meant: near names, and ours for WordPress's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

__all__ = ["WORDPRESS_ADVICE", "WORDPRESS_HOOKS", "did_you_mean", "nearest", "suggest"]

WORDPRESS_HOOKS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # actions: content
        "save_post": ("on_post_saved", "on_post_saving"),
        "wp_insert_post": ("on_post_saved",),
        "wp_after_insert_post": ("on_post_saved",),
        "post_updated": ("on_post_saved",),
        "edit_post": ("on_post_saved",),
        "pre_post_update": ("on_post_saving",),
        "transition_post_status": ("on_post_status_changed", "on_post_status_changing"),
        "publish_post": ("on_post_status_changed",),
        "wp_trash_post": ("on_post_status_changing",),
        "trashed_post": ("on_post_status_changed",),
        "untrashed_post": ("on_post_status_changed",),
        "before_delete_post": ("on_post_deleting",),
        "deleted_post": ("on_post_deleted",),
        "delete_post": ("on_post_deleting", "on_post_deleted"),
        "set_object_terms": ("on_post_saved",),
        "created_term": ("on_term_saved",),
        "edited_term": ("on_term_saved",),
        "delete_term": ("on_term_deleted",),
        # actions: people
        "user_register": ("on_user_saved",),
        "profile_update": ("on_user_saved",),
        "delete_user": ("on_user_deleting",),
        "deleted_user": ("on_user_deleted",),
        "set_user_role": ("on_user_roles_changed",),
        "wp_login": ("on_logged_in",),
        "wp_login_failed": ("on_login_failed",),
        "wp_logout": ("on_logged_out",),
        # actions: the frame
        "activated_plugin": ("on_plugin_enabled", "on_plugin_enabling"),
        "deactivated_plugin": ("on_plugin_disabled", "on_plugin_disabling"),
        "register_activation_hook": ("on_plugin_enabling",),
        "register_deactivation_hook": ("on_plugin_disabling",),
        "delete_plugin": ("on_plugin_uninstalling",),
        "deleted_plugin": ("on_plugin_uninstalled",),
        "register_uninstall_hook": ("on_plugin_uninstalling",),
        "updated_option": ("on_settings_saved",),
        "after_switch_theme": ("on_theme_switched",),
        "switch_theme": ("on_theme_switched",),
        "wp_initialize_site": ("on_site_created",),
        "import_end": ("on_import_finished",),
        "wp_schedule_event": ("register_jobs",),
        # actions: output
        "widgets_init": ("register_widget_types",),
        "wp_head": ("filter_slot",),
        "wp_body_open": ("filter_slot",),
        "wp_footer": ("filter_slot",),
        "admin_menu": ("register_menu_items",),
        "admin_notices": ("filter_admin_notices",),
        "wp_dashboard_setup": ("register_dashboard_panels",),
        "add_meta_boxes": ("register_edit_panels",),
        # filters: content
        "the_content": ("filter_post_content",),
        "the_title": ("filter_post_title",),
        "the_excerpt": ("filter_post_excerpt",),
        "get_the_excerpt": ("filter_post_excerpt",),
        "wp_insert_post_data": ("filter_post_data",),
        "post_link": ("filter_permalink",),
        "post_type_link": ("filter_permalink",),
        "page_link": ("filter_permalink",),
        "pre_get_posts": ("filter_listing",),
        "parse_query": ("filter_listing",),
        "posts_clauses": ("filter_listing",),
        "rest_prepare_post": ("filter_api_item",),
        # filters: pages
        "document_title_parts": ("filter_document_title",),
        "pre_get_document_title": ("filter_document_title",),
        "wp_title": ("filter_document_title",),
        "body_class": ("filter_body_classes",),
        "template_include": ("filter_template_candidates",),
        "template_hierarchy": ("filter_template_candidates",),
        "redirect_canonical": ("filter_canonical_redirect",),
        # filters: rights, mail
        "map_meta_cap": ("filter_required_capabilities",),
        "user_has_cap": ("filter_user_capabilities",),
        "login_redirect": ("filter_login_redirect",),
        "wp_mail": ("filter_mail",),
        "pre_wp_mail": ("filter_mail",),
        # collections
        "register_post_type": ("register_content_types",),
        "register_taxonomy": ("register_taxonomies",),
        "add_role": ("register_roles",),
        "add_cap": ("register_capabilities",),
        "add_shortcode": ("register_template_helpers", "filter_post_content"),
        "wp_privacy_personal_data_exporters": ("register_personal_data",),
        "wp_privacy_personal_data_erasers": ("register_personal_data",),
    }
)
"""WordPress name -> ours, the likeliest first. The reference and the docs show the same table."""

_NO_MOMENT: Final = "There is no such moment: modules are read at start, register_* hooks bring the rest."

WORDPRESS_ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "init": _NO_MOMENT,
        "plugins_loaded": _NO_MOMENT,
        "wp_loaded": _NO_MOMENT,
        "admin_init": "There is no such moment: screens are AdminView classes in admin.py.",
        "rest_api_init": "Routes are handlers in routes.py, under /api/v1/ and the plugin's name.",
        "template_redirect": "Answer with a route in routes.py.",
        "wp_enqueue_scripts": "Put files under static/ and name them in the plugin's templates.",
        "admin_enqueue_scripts": "Put files under static/ and name them in the plugin's templates.",
        "register_setting": "Settings are the Struct in settings.py.",
        "option_": "Settings are the Struct in settings.py; read them with core.plugins.settings().",
        "wp_ajax_": "Write a route in routes.py; HTMX asks it like any other.",
        "admin_post_": "Write a route in routes.py.",
        "manage_": "Columns of a list belong to its AdminView.",
        "bulk_actions-": "Bulk actions belong to the AdminView.",
    }
)
"""What is no hook here, and where it goes instead. A name that ends in _ or - stands for its family."""

_FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {"save_post_": "save_post", "publish_": "publish_post", "rest_prepare_": "rest_prepare_post"}
)


def nearest(name: str, known: Collection[str]) -> str:
    """Return the one of `known` that was probably meant, "" if none is near."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return near[0] if near else ""


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return "Did you mean ...?" with the nearest of `known`, "" if none is near. For developers: English."""
    near = nearest(name, known)
    return f"Did you mean {near}?" if near else ""


def suggest(name: str, known: Collection[str]) -> str:
    """Return one sentence about a hook name that doesn't exist.

    Args:
        name: What was written.
        known: Names of the hooks that do exist.
    """
    wordpress = next((target for prefix, target in _FAMILIES.items() if name.startswith(prefix)), name)
    if name.endswith("_template_hierarchy"):
        wordpress = "template_hierarchy"
    ours = [hook for hook in WORDPRESS_HOOKS.get(wordpress, ()) if hook in known]
    if ours:
        return f"WordPress's {name} is {' or '.join(ours)} here."
    for key, advice in WORDPRESS_ADVICE.items():
        if name == key or (key[-1] in "_-" and name.startswith(key)):
            return advice
    return did_you_mean(name, known) or "`vitral hooks list` shows all hooks."
