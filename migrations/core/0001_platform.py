"""Sites, hosts, operators, enabled plugins and the job queue: what belongs to the installation."""

from core.db import Migration


def up(m: Migration) -> None:
    m.sql(postgres="GRANT SELECT, INSERT, UPDATE ON migrations TO vitral_owner")
    m.sql(postgres="GRANT SELECT ON migrations TO vitral_app, vitral_backup, vitral_keeper")
    m.sql(postgres="GRANT USAGE ON SCHEMA public TO vitral_app, vitral_backup, vitral_keeper")
    m.platform_table(
        "tenants",
        """
        slug VARCHAR(63) NOT NULL,
        title VARCHAR(255) NOT NULL,
        status VARCHAR(20) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'deleting')),
        theme VARCHAR(60) NOT NULL DEFAULT 'claro',
        revision BIGINT NOT NULL DEFAULT 1,
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL
        """,
    )
    m.index("tenants_slug_uq", "tenants", "slug", unique=True)
    m.platform_table(
        "tenant_hosts",
        """
        tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
        host VARCHAR(253) NOT NULL,
        is_primary BOOLEAN NOT NULL DEFAULT FALSE,
        created_at TIMESTAMPTZ NOT NULL
        """,
    )
    m.index("tenant_hosts_host_uq", "tenant_hosts", "host", unique=True)
    m.index("tenant_hosts_tenant", "tenant_hosts", "tenant_id")
    m.platform_table(
        "enabled_plugins",
        """
        tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
        plugin VARCHAR(60) NOT NULL,
        enabled_at TIMESTAMPTZ NOT NULL,
        enabled_by UUID
        """,
    )
    m.index("enabled_plugins_uq", "enabled_plugins", "tenant_id, plugin", unique=True)
    m.platform_table(
        "installation",
        """
        name VARCHAR(60) NOT NULL,
        value BIGINT NOT NULL DEFAULT 0
        """,
    )
    m.index("installation_name_uq", "installation", "name", unique=True)
    m.platform_table(
        "operators",
        """
        email VARCHAR(255) NOT NULL,
        display_name VARCHAR(250) NOT NULL DEFAULT '',
        password_sealed BYTEA,
        created_at TIMESTAMPTZ NOT NULL,
        disabled_at TIMESTAMPTZ
        """,
    )
    m.index("operators_email_uq", "operators", "email", unique=True)
    m.platform_table(
        "jobs",
        """
        tenant_id UUID REFERENCES tenants (id) ON DELETE CASCADE,
        kind VARCHAR(100) NOT NULL,
        payload JSONB NOT NULL DEFAULT '{}',
        dedup VARCHAR(200),
        status VARCHAR(20) NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'running', 'done', 'failed')),
        run_at TIMESTAMPTZ NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        max_attempts INTEGER NOT NULL DEFAULT 8,
        leased_until TIMESTAMPTZ,
        leased_by VARCHAR(60),
        progress JSONB NOT NULL DEFAULT '{}',
        error TEXT NOT NULL DEFAULT '',
        created_at TIMESTAMPTZ NOT NULL,
        finished_at TIMESTAMPTZ
        """,
    )
    m.index("jobs_due", "jobs", "run_at, id", where="status = 'ready'")
    m.index("jobs_leases", "jobs", "leased_until", where="status = 'running'")
    m.index("jobs_tenant", "jobs", "tenant_id, status")
    m.index(
        "jobs_dedup_uq",
        "jobs",
        "kind, coalesce(CAST(tenant_id AS TEXT), ''), dedup",
        unique=True,
        where="dedup IS NOT NULL AND status IN ('ready', 'running')",
    )
    m.index("jobs_finished", "jobs", "finished_at", where="status IN ('done', 'failed')")
