"""The one decision point and its seam."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts import CORE_CAPABILITIES, CORE_ROLES, catalogue, decide, require
from core.accounts.rights import user_actor
from core.context import VISITOR, Actor, as_actor
from core.contract.accounts import Capability, Decision
from core.errors import Forbidden, StepUp, Unauthenticated
from core.ids import new_id
from tests.core.accounts.things import Sink, actor, plugin, policy, post
from tests.core.accounts.world import CLI, dry

ROLES = {definition.name: definition.capabilities for definition in CORE_ROLES}
NAMES = sorted(capability.name for capability in CORE_CAPABILITIES)
QUESTIONS = [*NAMES, "edit_post", "delete_post", "read_post", "publish_post", "customize"]
STATUSES = ["draft", "pending", "future", "publish", "private", "trash"]


async def test_capabilities_allow_and_deny_with_reasons():
    with dry():
        assert (await decide(actor("edit_posts"), "edit_posts")).allowed
        refused = await decide(actor("edit_posts"), "manage_options")
    assert refused.outcome == "deny"
    assert refused.missing == {"manage_options"}
    assert "manage_options" in refused.reasons[0]


@pytest.mark.parametrize("kind", ["cli", "job"])
async def test_shell_and_jobs_are_allowed(kind):
    with dry(policy("deny")):
        assert (await decide(Actor(kind=kind), "manage_options")).allowed


@pytest.mark.parametrize("capability", ["read", "manage_options", "edit_posts", "read_post"])
async def test_operators_have_no_rights_in_a_site(capability):
    operator = Actor(kind="operator", id=new_id(), capabilities=frozenset(NAMES))
    with dry():
        assert not (await decide(operator, capability, post(status="publish"))).allowed


async def test_everybody_may_read_what_is_published_and_nothing_else():
    with dry():
        assert (await decide(VISITOR, "read_post", post(status="publish"))).allowed
        for status in ("draft", "pending", "future", "private", "trash"):
            assert not (await decide(VISITOR, "read_post", post(status=status))).allowed
        for capability in ("read", "edit_posts", "list_users"):
            assert not (await decide(VISITOR, capability)).allowed


async def test_a_token_narrows_and_never_widens():
    with dry():
        token = actor("edit_posts", "publish_posts", scopes=frozenset({"edit_posts", "manage_options"}))
        assert (await decide(token, "edit_posts")).allowed
        assert not (await decide(token, "publish_posts")).allowed
        assert not (await decide(token, "manage_options")).allowed


@pytest.mark.parametrize(
    ("held", "follows", "by"),
    [
        ("activate_plugins", "resume_plugins", True),
        ("switch_themes", "resume_themes", True),
        ("install_plugins", "view_site_health_checks", True),
        ("update_core", "install_languages", True),
        ("edit_posts", "install_languages", False),
        ("read", "exist", True),
        ("read", "do_not_allow", False),
    ],
)
async def test_what_comes_along_with_a_right(held, follows, by):
    with dry():
        assert (await decide(actor(held), follows)).allowed is by


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("allow", "allow"),
        ("step_up", "step_up"),
        ("deny", "deny"),
        (RuntimeError("broken"), "deny"),
        (None, "deny"),
        (True, "deny"),
    ],
)
async def test_the_seam_can_only_take_away(outcome, expected, caplog):
    caplog.set_level(logging.CRITICAL)
    with dry(policy(outcome)):
        assert (await decide(actor("edit_posts"), "edit_posts")).outcome == expected
        assert (await decide(actor(), "edit_posts")).outcome == "deny"


async def test_the_strictest_policy_wins():
    allowing, asking, denying = (
        policy("allow", "a_probe"),
        policy("step_up", "b_probe"),
        policy("deny", "c_probe"),
    )
    with dry(allowing, asking):
        assert (await decide(actor("read"), "read")).outcome == "step_up"
    with dry(allowing, asking, denying):
        assert (await decide(actor("read"), "read")).outcome == "deny"


async def test_a_policy_is_told_what_is_asked():
    made = policy("allow")
    about = post(type="page")
    asker = actor("edit_others_pages", "edit_pages")
    with dry(made):
        await decide(asker, "edit_post", about)
    (request,) = made.parts["hooks"].asked
    assert (request.actor, request.capability, request.object, request.object_type) == (
        asker,
        "edit_post",
        about,
        "page",
    )


async def test_plugins_can_change_what_is_needed():
    strict = plugin(filter_required_capabilities=lambda required, capability: required | {"probe.extra"})
    with dry(strict):
        assert (await decide(actor("edit_posts"), "edit_posts")).missing == {"probe.extra"}
        assert (await decide(actor("edit_posts", "probe.extra"), "edit_posts")).allowed


async def test_require_raises_what_the_face_needs():
    with dry(policy("step_up")), as_actor(actor("read")), pytest.raises(StepUp):
        await require("read")
    with dry():
        with as_actor(VISITOR), pytest.raises(Unauthenticated):
            await require("read")
        with as_actor(actor()), pytest.raises(Forbidden) as refused:
            await require("read")
        with as_actor(actor("read")):
            assert (await require("read")).allowed
    assert refused.value.reasons


async def test_a_refusal_is_recorded(make_world):
    sink = Sink()
    world = await make_world(sink.plugin)
    with world.on("alfa", actor()), pytest.raises(Forbidden):
        await require("edit_post", about := post())
    assert sink.actions[-1] == ("access.refuse", "refused")
    event = sink.events[-1]
    assert event.resource_id == about.id
    assert event.detail["capability"] == "edit_post"


async def test_a_refusal_stands_when_it_cannot_be_recorded(make_world, caplog):
    caplog.set_level(logging.CRITICAL)
    sink = Sink()
    world = await make_world(sink.plugin)
    sink.error = RuntimeError("disk full")
    with world.on("alfa", actor()), pytest.raises(Forbidden):
        await require("edit_posts")


async def test_plugins_and_types_add_to_the_catalogue_and_administrators_hold_it():
    extra = plugin(register_capabilities=lambda: [Capability(name="probe.view", title="View")])
    with dry(extra):
        assert catalogue()["probe.view"].title == "View"
        admin = await user_actor(post().author, frozenset({"administrator"}), ROLES["administrator"])
        editor = await user_actor(post().author, frozenset({"editor"}), ROLES["editor"])
        assert (await decide(admin, "probe.view")).allowed
        assert not (await decide(editor, "probe.view")).allowed
    with dry():
        assert "probe.view" not in catalogue()


async def test_plugins_can_change_what_somebody_holds():
    async def less(capabilities, user):
        return capabilities - {"edit_posts"}

    with dry(plugin(filter_user_capabilities=less)):
        author = await user_actor(post().author, frozenset({"author"}), ROLES["author"])
    assert author.capabilities == ROLES["author"] - {"edit_posts"}


async def ask(roles, question, own, status):
    me = new_id()
    capabilities = frozenset().union(*(ROLES[role] for role in roles))
    about = post(me if own else None, status=status, status_before="publish" if status == "trash" else None)
    with dry():
        return (await decide(actor(*capabilities, user_id=me), question, about)).allowed


def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("a decision without policies waits for nothing")


@given(
    roles=st.sets(st.sampled_from(sorted(ROLES))),
    more=st.sampled_from(sorted(ROLES)),
    question=st.sampled_from(QUESTIONS),
    own=st.booleans(),
    status=st.sampled_from(STATUSES),
)
def test_another_role_never_takes_a_right_away(roles, more, question, own, status):
    if run(ask(roles, question, own, status)):
        assert run(ask(roles | {more}, question, own, status))


@given(
    higher=st.integers(0, 3),
    question=st.sampled_from(QUESTIONS),
    own=st.booleans(),
    status=st.sampled_from(STATUSES),
)
def test_the_five_roles_are_a_ladder(higher, question, own, status):
    ladder = [definition.name for definition in CORE_ROLES]
    if run(ask({ladder[higher + 1]}, question, own, status)):
        assert run(ask({ladder[higher]}, question, own, status))


@given(
    capabilities=st.sets(st.sampled_from(NAMES)),
    scopes=st.sets(st.sampled_from(NAMES)),
    question=st.sampled_from(NAMES),
)
def test_a_token_can_do_what_both_it_and_its_owner_may(capabilities, scopes, question):
    with dry():
        allowed = run(decide(actor(*capabilities, scopes=frozenset(scopes)), question)).allowed
    assert allowed is (question in capabilities and question in scopes)


def test_a_decision_is_only_allowed_when_it_says_so():
    assert [Decision(outcome=outcome).allowed for outcome in ("allow", "step_up", "deny")] == [
        True,
        False,
        False,
    ]
    assert CLI.capabilities == frozenset()
