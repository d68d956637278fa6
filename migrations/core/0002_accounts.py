"""People of a site: users, roles, sessions, tokens; and the site's settings, mail and notices."""

from core.db import Migration


def up(m: Migration) -> None:
    m.tenant_table(
        "counters", "name VARCHAR(60) NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (tenant_id, name)", key=""
    )
    m.tenant_table(
        "settings",
        """
        owner VARCHAR(60) NOT NULL,
        values_json JSONB NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        PRIMARY KEY (tenant_id, owner)
        """,
        key="",
    )
    _users(m)
    _sessions(m)
    _messages(m)


def _users(m: Migration) -> None:
    m.tenant_table(
        "users",
        """
        number BIGINT NOT NULL,
        email VARCHAR(255) NOT NULL,
        username VARCHAR(60) NOT NULL,
        display_name VARCHAR(250) NOT NULL DEFAULT '',
        slug VARCHAR(60) NOT NULL,
        first_name VARCHAR(100) NOT NULL DEFAULT '',
        last_name VARCHAR(100) NOT NULL DEFAULT '',
        url VARCHAR(255) NOT NULL DEFAULT '',
        bio TEXT NOT NULL DEFAULT '',
        language VARCHAR(10) NOT NULL DEFAULT '',
        status VARCHAR(20) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'invited', 'disabled')),
        password_sealed BYTEA,
        security_stamp INTEGER NOT NULL DEFAULT 1,
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        last_login_at TIMESTAMPTZ,
        version INTEGER NOT NULL DEFAULT 1,
        deleted_at TIMESTAMPTZ,
        deleted_by UUID
        """,
    )
    for name in ("email", "username", "slug"):  # somebody deleted does not keep a name from others
        m.index(f"users_{name}_uq", "users", f"tenant_id, {name}", unique=True, where="deleted_at IS NULL")
    m.index("users_number_uq", "users", "tenant_id, number", unique=True)
    m.index("users_created", "users", "tenant_id, created_at")
    m.tenant_table(
        "user_meta",
        """
        user_id UUID NOT NULL,
        meta_key VARCHAR(255) NOT NULL,
        meta_value TEXT NOT NULL DEFAULT '',
        FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("user_meta_user", "user_meta", "tenant_id, user_id, meta_key")
    m.index("user_meta_key", "user_meta", "tenant_id, meta_key")
    m.tenant_table(
        "user_roles",
        """
        role_name VARCHAR(50) NOT NULL,
        title VARCHAR(100) NOT NULL,
        capabilities JSONB NOT NULL,
        brought_by VARCHAR(60) NOT NULL DEFAULT 'core',
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1
        """,
    )
    m.index("user_roles_name_uq", "user_roles", "tenant_id, role_name", unique=True)
    m.tenant_table(
        "role_assignments",
        """
        user_id UUID NOT NULL,
        role_id UUID NOT NULL,
        FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY (tenant_id, role_id) REFERENCES user_roles (tenant_id, id) ON DELETE RESTRICT
        """,
    )
    m.index("role_assignments_uq", "role_assignments", "tenant_id, user_id, role_id", unique=True)
    m.index("role_assignments_role", "role_assignments", "tenant_id, role_id")


def _sessions(m: Migration) -> None:
    m.tenant_table(
        "sessions",
        """
        token_hash BYTEA NOT NULL,
        user_id UUID NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        last_seen_at TIMESTAMPTZ NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        authenticated_at TIMESTAMPTZ NOT NULL,
        security_stamp INTEGER NOT NULL,
        network VARCHAR(64) NOT NULL DEFAULT '',
        agent VARCHAR(200) NOT NULL DEFAULT '',
        FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("sessions_token_uq", "sessions", "tenant_id, token_hash", unique=True)
    m.index("sessions_user", "sessions", "tenant_id, user_id")
    m.index("sessions_expiry", "sessions", "tenant_id, expires_at")
    m.tenant_table(
        "one_time_tokens",
        """
        purpose VARCHAR(30) NOT NULL CHECK (purpose IN (
            'reset', 'reset_request', 'registration', 'registration_request', 'invitation', 'first_admin', 'email'
        )),
        token_hash BYTEA NOT NULL,
        user_id UUID,
        email VARCHAR(255) NOT NULL DEFAULT '',
        data JSONB NOT NULL DEFAULT '{}',
        created_at TIMESTAMPTZ NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        used_at TIMESTAMPTZ,
        FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("one_time_tokens_uq", "one_time_tokens", "tenant_id, token_hash", unique=True)
    m.index("one_time_tokens_user", "one_time_tokens", "tenant_id, user_id")
    m.index("one_time_tokens_expiry", "one_time_tokens", "tenant_id, expires_at")
    m.tenant_table(
        "api_tokens",
        """
        token_key VARCHAR(8) NOT NULL,
        token_hash BYTEA NOT NULL,
        user_id UUID NOT NULL,
        title VARCHAR(100) NOT NULL,
        scopes JSONB NOT NULL,
        created_at TIMESTAMPTZ NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        last_used_at TIMESTAMPTZ,
        revoked_at TIMESTAMPTZ,
        FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("api_tokens_key_uq", "api_tokens", "tenant_id, token_key", unique=True)
    m.index("api_tokens_user", "api_tokens", "tenant_id, user_id")
    m.tenant_table(
        "rate_limits",
        """
        bucket VARCHAR(200) NOT NULL,
        hits INTEGER NOT NULL,
        window_start TIMESTAMPTZ NOT NULL,
        blocked_until TIMESTAMPTZ,
        PRIMARY KEY (tenant_id, bucket)
        """,
        key="",
    )


def _messages(m: Migration) -> None:
    m.tenant_table(
        "outbox",
        """
        recipient VARCHAR(255) NOT NULL,
        subject_sealed BYTEA,
        body_sealed BYTEA,
        template VARCHAR(100) NOT NULL,
        status VARCHAR(20) NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed', 'dropped')),
        attempts INTEGER NOT NULL DEFAULT 0,
        error VARCHAR(500) NOT NULL DEFAULT '',
        created_at TIMESTAMPTZ NOT NULL,
        sent_at TIMESTAMPTZ
        """,
    )
    m.index("outbox_status", "outbox", "tenant_id, status, created_at")
    m.tenant_table(
        "notifications",
        """
        user_id UUID NOT NULL,
        kind VARCHAR(100) NOT NULL,
        title VARCHAR(255) NOT NULL,
        body TEXT NOT NULL DEFAULT '',
        url VARCHAR(500) NOT NULL DEFAULT '',
        created_at TIMESTAMPTZ NOT NULL,
        read_at TIMESTAMPTZ,
        FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("notifications_user", "notifications", "tenant_id, user_id, created_at")
    m.index("notifications_unread", "notifications", "tenant_id, user_id", where="read_at IS NULL")
