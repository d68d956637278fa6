"""People, rights and the one decision point. See docs/explanation/accounts-and-rights.md."""

from core.accounts.access import PUBLIC, AccessASGI
from core.accounts.auth import LoggedIn, confirm_password, log_in, log_out, step_up
from core.accounts.capabilities import TypeCapabilities, catalogue, type_capabilities
from core.accounts.decide import decide, require
from core.accounts.events import record, record_alone
from core.accounts.extensions import (
    complete_extensions,
    extensions_of,
    load_extensions,
    owner_exists,
    save_extensions,
)
from core.accounts.forms import (
    AcceptForm,
    EmailForm,
    FirstAdminForm,
    InviteForm,
    LoginForm,
    NewPasswordForm,
    NewUser,
    PasswordForm,
    RegisterForm,
    ResetForm,
    StepUpForm,
    TokenForm,
    UserChanges,
    UserQuery,
)
from core.accounts.freshness import is_fresh, require_fresh
from core.accounts.holders import holders
from core.accounts.joining import (
    accept,
    check_first_admin_token,
    check_join_token,
    first_admin,
    first_admin_link,
    invite,
    request_registration,
    require_open_registration,
    resend_invitation,
)
from core.accounts.limits import bucket_name, limit
from core.accounts.links import CONFIRM_EMAIL, FIRST_ADMIN, JOIN, LOGIN, RESET, STEP_UP, full_link
from core.accounts.mapping import map_capability
from core.accounts.matrix import ADMIN_CAPABILITIES, ADMINISTRATOR, CORE_CAPABILITIES, CORE_ROLES
from core.accounts.meta import set_user_meta, user_meta
from core.accounts.names import check_email, free_username
from core.accounts.notifications import NoticeList, NoticeView, list_notices, mark_read, notify, unread_count
from core.accounts.own import (
    change_email,
    change_password,
    confirm_email,
    end_other_sessions,
    end_own_session,
    own_sessions,
)
from core.accounts.personal_data import (
    PersonalData,
    accounts_of,
    address_of,
    erase_personal_data,
    export_personal_data,
)
from core.accounts.recovery import check_reset_token, request_reset, reset_password
from core.accounts.registered import require_known_names
from core.accounts.rights import actor_of, lacking
from core.accounts.roles import RoleInput, delete_role, find_roles, list_roles, save_role
from core.accounts.routes import require_known_rights
from core.accounts.sessions import SessionView
from core.accounts.signals import current_signals
from core.accounts.standing import delete_user, disable_user, enable_user, end_user_sessions, set_roles
from core.accounts.tokens import TokenView, create_token, list_tokens, revoke_token
from core.accounts.users import UserList, create_user, find_user, get_user, list_users, update_user
from core.accounts.views import Account, RoleView, find_author, user_views
from core.accounts.visit import current_visit, form_token

__all__ = [
    "ADMINISTRATOR",
    "ADMIN_CAPABILITIES",
    "CONFIRM_EMAIL",
    "CORE_CAPABILITIES",
    "CORE_ROLES",
    "FIRST_ADMIN",
    "JOIN",
    "LOGIN",
    "PUBLIC",
    "RESET",
    "STEP_UP",
    "AcceptForm",
    "AccessASGI",
    "Account",
    "EmailForm",
    "FirstAdminForm",
    "InviteForm",
    "LoggedIn",
    "LoginForm",
    "NewPasswordForm",
    "NewUser",
    "NoticeList",
    "NoticeView",
    "PasswordForm",
    "PersonalData",
    "RegisterForm",
    "ResetForm",
    "RoleInput",
    "RoleView",
    "SessionView",
    "StepUpForm",
    "TokenForm",
    "TokenView",
    "TypeCapabilities",
    "UserChanges",
    "UserList",
    "UserQuery",
    "accept",
    "accounts_of",
    "actor_of",
    "address_of",
    "bucket_name",
    "catalogue",
    "change_email",
    "change_password",
    "check_email",
    "check_first_admin_token",
    "check_join_token",
    "check_reset_token",
    "complete_extensions",
    "confirm_email",
    "confirm_password",
    "create_token",
    "create_user",
    "current_signals",
    "current_visit",
    "decide",
    "delete_role",
    "delete_user",
    "disable_user",
    "enable_user",
    "end_other_sessions",
    "end_own_session",
    "end_user_sessions",
    "erase_personal_data",
    "export_personal_data",
    "extensions_of",
    "find_author",
    "find_roles",
    "find_user",
    "first_admin",
    "first_admin_link",
    "form_token",
    "free_username",
    "full_link",
    "get_user",
    "holders",
    "invite",
    "is_fresh",
    "lacking",
    "limit",
    "list_notices",
    "list_roles",
    "list_tokens",
    "list_users",
    "load_extensions",
    "log_in",
    "log_out",
    "map_capability",
    "mark_read",
    "notify",
    "own_sessions",
    "owner_exists",
    "record",
    "record_alone",
    "request_registration",
    "request_reset",
    "require",
    "require_fresh",
    "require_known_names",
    "require_known_rights",
    "require_open_registration",
    "resend_invitation",
    "reset_password",
    "revoke_token",
    "save_extensions",
    "save_role",
    "set_roles",
    "set_user_meta",
    "step_up",
    "type_capabilities",
    "unread_count",
    "update_user",
    "user_meta",
    "user_views",
]
