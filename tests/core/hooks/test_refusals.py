"""Everything that can be wrong with a hook is wrong at start, and the message says what to write instead."""

import functools
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pluggy
import pytest

from core.contract.markers import hookimpl
from core.errors import NotFound, StartError
from core.hooks import WORDPRESS_HOOKS, HookRegistry, did_you_mean, standard_hooks
from tests.core.hooks import specs

Part = Callable[..., SimpleNamespace]
raw = pluggy.HookimplMarker("vitral")


def _module(source: str, name: str = "bad_hooks") -> ModuleType:
    module = ModuleType(name)
    header = "from collections.abc import Iterable\nfrom core.contract.markers import hookspec, hookimpl\n"
    exec(header + source, vars(module))  # noqa: S102  # sources stand in this file
    return module


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on_leaf_svaed", "Did you mean on_leaf_saved?"),
        ("filter_leaf_texts", "Did you mean filter_leaf_text?"),
        ("nothing_like_it_at_all", "vitral hooks list"),
    ],
)
def test_an_unknown_hook_is_refused_with_the_nearest_name(
    registry: HookRegistry, part: Part, written: str, meant: str
) -> None:
    with pytest.raises(StartError, match=f"“acf”.*{written}, which is no hook") as caught:
        registry.register("acf", part(**{written: lambda: None}))
    assert meant in caught.value.hint
    assert "test_refusals.py" in caught.value.message


@pytest.mark.parametrize(
    ("wordpress", "answer"),
    [
        ("save_post", "on_post_saved"),
        ("save_post_page", "on_post_saved"),
        ("the_content", "filter_post_content"),
        ("single_template_hierarchy", "filter_template_candidates"),
        ("admin_menu", "register_menu_items"),
        ("init", "no such moment"),
        ("wp_ajax_vote", "Write a route"),
        ("option_blogname", "settings.py"),
    ],
)
def test_a_name_of_wordpress_is_answered_with_ours(part: Part, wordpress: str, answer: str) -> None:
    with pytest.raises(StartError) as caught:
        standard_hooks().register("acf", part(**{wordpress: lambda: None}))
    assert answer in caught.value.hint


def test_every_hook_in_the_table_of_wordpress_names_exists() -> None:
    ours = {hook for hooks in WORDPRESS_HOOKS.values() for hook in hooks}
    assert ours <= standard_hooks().hooks.keys()


def test_asking_for_an_unknown_hook_suggests_one(registry: HookRegistry) -> None:
    with pytest.raises(NotFound, match="Did you mean on_leaf_saved"):
        registry.hook("on_leaf_save")
    assert did_you_mean("zzz", registry.hooks) == ""


def unknown_argument(leaf: str, tree: str) -> None: ...
def defaulted_argument(leaf: str, befor: str | None = None) -> None: ...
def rest_of_arguments(*args: object) -> None: ...
def rest_by_name(**kwargs: object) -> None: ...
def generator(leaf: str) -> Iterator[None]:
    yield


async def async_generator(leaf: str) -> Any:
    yield


async def _async(leaf: str) -> None: ...


@functools.wraps(_async)
def hidden_coroutine(*args: Any) -> Any:
    return _async(*args)


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        (
            unknown_argument,
            "asks for “tree”, which on_leaf_saved doesn't have. It is on_leaf_saved(leaf, before)",
        ),
        (defaulted_argument, "asks for “befor”, which on_leaf_saved doesn't have. Did you mean before?"),
        (rest_of_arguments, "takes *args"),
        (rest_by_name, "takes **kwargs"),
        (generator, "yields, so it would never run"),
        (async_generator, "yields, so it would never run"),
        (hidden_coroutine, "is async, but wrapped in a decorator that is not"),
    ],
)
def test_an_action_that_could_not_be_called_is_refused(
    registry: HookRegistry, part: Part, function: Callable[..., Any], complaint: str
) -> None:
    with pytest.raises(StartError) as caught:
        registry.register("acf", part(on_leaf_saved=function))
    assert complaint.split(".")[0] in str(caught.value)
    assert complaint in str(caught.value).replace(": object", "")
    assert "“acf”" in str(caught.value)


@pytest.mark.parametrize("function", [lambda leaf, text: text, lambda: "", lambda leaf: leaf])
def test_a_filter_that_does_not_take_the_value_first_is_refused(
    registry: HookRegistry, part: Part, function: Callable[..., Any]
) -> None:
    with pytest.raises(StartError, match="does not take “text” first"):
        registry.register("acf", part(filter_leaf_text=function))


@pytest.mark.parametrize("option", ["wrapper", "hookwrapper", "tryfirst", "trylast", "optionalhook"])
def test_options_of_pluggy_are_refused(registry: HookRegistry, option: str) -> None:
    def on_leaf_saved(leaf: str) -> Any:
        yield

    marked = raw(**{option: True})(on_leaf_saved)
    with pytest.raises(StartError, match=f"is marked {option}"):
        registry.register("acf", SimpleNamespace(on_leaf_saved=marked))


def test_a_mark_of_pluggy_without_a_priority_counts_as_ten(registry: HookRegistry) -> None:
    registry.register("acf", SimpleNamespace(on_leaf_saved=raw(lambda leaf: None)))
    (entry,) = registry.implementations(registry.hook("on_leaf_saved"))
    assert entry.priority == 10


@pytest.mark.parametrize("priority", ["5", 1.5, True, None])
def test_a_priority_that_is_no_whole_number_is_refused(registry: HookRegistry, priority: Any) -> None:
    with pytest.raises(StartError, match="has the priority"):
        registry.register(
            "acf", SimpleNamespace(a=hookimpl("on_leaf_saved", priority=priority)(lambda leaf: None))
        )


async def test_a_coroutine_for_a_collection_is_refused(registry: HookRegistry, part: Part) -> None:
    async def kinds() -> list[str]:
        return []

    with pytest.raises(StartError, match=r"is async.*register_leaf_kinds is gathered at start"):
        registry.register("acf", part(register_leaf_kinds=kinds))


def test_two_plugins_of_one_name_are_refused_and_the_first_stays(registry: HookRegistry, part: Part) -> None:
    registry.register("acf", part(on_leaf_saved=lambda leaf: None))
    with pytest.raises(StartError, match="Two plugins are named “acf”"):
        registry.register("acf", part(on_leaf_saving=lambda leaf: None))
    assert len(registry.implementations(registry.hook("on_leaf_saved"))) == 1
    assert registry.implementations(registry.hook("on_leaf_saving")) == ()


def test_a_part_counts_once(registry: HookRegistry, part: Part) -> None:
    mine = part(on_leaf_saved=lambda leaf: None)
    with pytest.raises(StartError, match="registered already"):
        registry.register("acf", mine, mine)
    registry.register("acf", mine)
    with pytest.raises(StartError, match=r"“lgpd” registers .* registered already"):
        registry.register("lgpd", mine)
    assert registry.owners == {"acf"}


def test_a_refused_plugin_leaves_nothing_behind(registry: HookRegistry, part: Part) -> None:
    with pytest.raises(StartError):
        registry.register(
            "acf", part(on_leaf_saving=lambda leaf: None), part(on_leaf_saved=lambda tree: None)
        )
    assert registry.implementations(registry.hook("on_leaf_saving")) == ()
    assert "acf" not in registry.owners
    registry.register("acf", part(on_leaf_saved=lambda leaf: None))


def test_a_function_with_a_hooks_name_but_no_mark_is_refused(registry: HookRegistry) -> None:
    with pytest.raises(StartError, match="has a hook's name but no mark"):
        registry.register("acf", _module("def on_leaf_saved(leaf): ..."))
    registry.register(
        "lgpd", _module("from tests.core.hooks.specs import on_leaf_saved\nhelper = on_leaf_saved")
    )


def test_properties_of_a_part_are_not_run(registry: HookRegistry) -> None:
    class Part:
        @property
        def on_leaf_saved(self) -> None:
            raise AssertionError("a property was read")

        @hookimpl("on_leaf_saving")
        def listen(self, leaf: str) -> None: ...

    registry.register("acf", Part())
    assert len(registry.implementations(registry.hook("on_leaf_saving"))) == 1


def test_taking_out_a_plugin_that_is_not_there_says_so(registry: HookRegistry) -> None:
    with pytest.raises(NotFound, match="“acf”"):
        registry.unregister("acf")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("@hookspec\ndef leaf_saved(leaf: str) -> None:\n    'Fire.'", "has no verb"),
        ("@hookspec\ndef on_(leaf: str) -> None:\n    'Fire.'", "has no verb"),
        ("@hookspec\ndef on_x(leaf: str) -> None: ...", "has no docstring"),
        ("@hookspec\ndef on_x(leaf) -> None:\n    'Fire.'", "does not say what “leaf” is"),
        ("@hookspec\ndef on_x(leaf: str):\n    'Fire.'", "does not say what it returns"),
        ("@hookspec\ndef on_x(leaf: str) -> str:\n    'Fire.'", "returns something"),
        ("@hookspec\ndef on_x(leaf: str = '') -> None:\n    'Fire.'", "has a default for “leaf”"),
        ("@hookspec\ndef on_x(*leaf: str) -> None:\n    'Fire.'", "has the argument *leaf"),
        ("@hookspec\ndef on_x(*, leaf: str) -> None:\n    'Fire.'", "has the argument leaf"),
        ("@hookspec\ndef on_x(_leaf: str) -> None:\n    'Fire.'", "has the argument _leaf"),
        ("@hookspec\nasync def on_x(leaf: str) -> None:\n    'Fire.'", "is async"),
        ("@hookspec\ndef on_x(leaf: 'Tree') -> None:\n    'Fire.'", "has an annotation that can't be read"),
        ("@hookspec\ndef filter_x() -> str:\n    'Change.'", "has no argument"),
        (
            "@hookspec\ndef filter_x(leaf: str) -> int:\n    'Change.'",
            "returns another type than its first argument",
        ),
        ("@hookspec\ndef register_x(leaf: str) -> Iterable[str]:\n    'Bring.'", "has arguments"),
        ("@hookspec\ndef register_x() -> str:\n    'Bring.'", "returns no list of things"),
        ("@hookspec\ndef register_x() -> dict[str, str]:\n    'Bring.'", "returns no list of things"),
        ("@hookspec(firstresult=True)\ndef on_x() -> None:\n    'Fire.'", "asks for firstresult"),
        ("def on_x(leaf: str) -> None:\n    'Fire.'", "is not marked"),
        ("x = 1", "publishes no hooks"),
    ],
)
def test_a_specification_that_breaks_the_contract_is_refused(
    registry: HookRegistry, source: str, complaint: str
) -> None:
    with pytest.raises(StartError) as caught:
        registry.add_hookspecs(_module(source))
    assert complaint in str(caught.value)
    assert "bad_hooks" in str(caught.value)


def test_a_plugins_own_hooks_carry_its_name(registry: HookRegistry) -> None:
    module = _module("@hookspec\ndef on_thread_closed(thread: str) -> None:\n    'Fire.'")
    with pytest.raises(StartError, match="does not carry the name of the plugin “comments”") as caught:
        registry.add_hookspecs(module, "comments")
    assert "on_comments_thread_closed" in caught.value.hint
    own = _module("@hookspec\ndef on_comments_thread_closed(thread: str) -> None:\n    'Fire.'")
    registry.add_hookspecs(own, "comments")
    assert registry.hook("on_comments_thread_closed").owner == "comments"


def test_one_name_can_be_published_once(registry: HookRegistry) -> None:
    module = _module("@hookspec\ndef on_leaf_saved(leaf: str) -> None:\n    'Fire.'")
    with pytest.raises(
        StartError, match=r"Two modules publish the hook on_leaf_saved: tests\.core\.hooks\.specs and"
    ):
        registry.add_hookspecs(module)


def test_a_module_publishes_only_what_it_defines() -> None:
    registry = HookRegistry()
    registry.add_hookspecs(
        _module(
            "from tests.core.hooks.specs import on_leaf_saved\n"
            "@hookspec\ndef on_x(leaf: str) -> None:\n    'Fire.'"
        )
    )
    registry.add_hookspecs(specs)
    assert registry.hook("on_leaf_saved").module == "tests.core.hooks.specs"
