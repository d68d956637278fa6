"""WordPress's matrix, exactly."""

import pytest

from core.accounts import ADMIN_CAPABILITIES, CORE_CAPABILITIES, CORE_ROLES

SUBSCRIBER = {"read"}
CONTRIBUTOR = SUBSCRIBER | {"edit_posts", "delete_posts"}
AUTHOR = CONTRIBUTOR | {"publish_posts", "edit_published_posts", "delete_published_posts", "upload_files"}
EDITOR = AUTHOR | {
    "edit_others_posts",
    "delete_others_posts",
    "read_private_posts",
    "edit_private_posts",
    "delete_private_posts",
    "edit_pages",
    "edit_others_pages",
    "edit_published_pages",
    "publish_pages",
    "delete_pages",
    "delete_others_pages",
    "delete_published_pages",
    "read_private_pages",
    "edit_private_pages",
    "delete_private_pages",
    "moderate_comments",
    "manage_categories",
    "manage_links",
    "unfiltered_html",
}
ADMINISTRATOR = EDITOR | {
    "manage_options",
    "list_users",
    "create_users",
    "edit_users",
    "delete_users",
    "remove_users",
    "promote_users",
    "activate_plugins",
    "install_plugins",
    "update_plugins",
    "delete_plugins",
    "edit_plugins",
    "switch_themes",
    "install_themes",
    "update_themes",
    "delete_themes",
    "edit_themes",
    "edit_theme_options",
    "edit_files",
    "edit_dashboard",
    "update_core",
    "import",
    "export",
    "unfiltered_upload",
}


@pytest.mark.parametrize(
    ("role", "capabilities", "count"),
    [
        ("administrator", ADMINISTRATOR, 50),
        ("editor", EDITOR, 26),
        ("author", AUTHOR, 7),
        ("contributor", CONTRIBUTOR, 3),
        ("subscriber", SUBSCRIBER, 1),
    ],
)
def test_each_role_holds_what_wordpress_gives_it(role, capabilities, count):
    ours = next(definition for definition in CORE_ROLES if definition.name == role)
    assert ours.capabilities == capabilities
    assert len(ours.capabilities) == count


def test_the_catalogue_names_each_capability_once():
    names = [capability.name for capability in CORE_CAPABILITIES]
    assert len(names) == len(set(names)) == 50
    assert all(capability.title and capability.group for capability in CORE_CAPABILITIES)


def test_nobody_below_administrator_counts_as_one():
    assert ADMIN_CAPABILITIES & set(EDITOR) == set()


async def test_a_new_site_has_the_five_roles(world):
    from core.accounts import list_roles
    from core.db import tenant_read

    for site in ("alfa", "beta"):
        with world.on(site):
            async with tenant_read():
                roles = await list_roles()
        assert [role.name for role in roles] == [
            "administrator",
            "editor",
            "author",
            "contributor",
            "subscriber",
        ]
        assert roles[1].capabilities == EDITOR
