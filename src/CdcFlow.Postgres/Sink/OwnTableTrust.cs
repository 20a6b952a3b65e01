namespace CdcFlow.Postgres.Sink;

/// <summary>Whose a table of the sink's own is, and what of it would run with the sink's rights. Where others may create tables in its schema, one of them may have made it first.</summary>
/// <param name="Owner">Its owner, as SQL writes it.</param>
/// <param name="IsTrusted">Whether that is the sink's role, one whose rights this has, one with the rights of the schema's owner, or a superuser.</param>
/// <param name="Trigger">A trigger of it or of a partition, and the table that has it, as SQL writes them; null: none.</param>
internal sealed record OwnTableTrust(string Owner, bool IsTrusted, string? Trigger)
{
    // A superuser has everybody's rights, and before 15 a role that logs in could make anybody a member of itself: there it says nothing to have the owner's rights.
    private const string Find =
        """
        SELECT pg_catalog.quote_ident(r.rolname), r.oid = u.oid OR pg_catalog.pg_has_role(r.oid, n.nspowner, 'MEMBER') OR NOT u.rolsuper AND pg_catalog.pg_has_role(r.oid, 'USAGE')
            AND (NOT r.rolcanlogin OR pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 150000),
          (SELECT pg_catalog.format('%I ON %s', g.tgname, g.tgrelid::pg_catalog.regclass) FROM pg_catalog.pg_trigger g
            WHERE (g.tgrelid = c.oid OR g.tgrelid IN (SELECT p.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(c.oid) p))
              AND NOT g.tgisinternal AND g.tgparentid = 0 AND g.tgenabled <> 'D' ORDER BY g.tgname LIMIT 1)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
        JOIN pg_catalog.pg_roles u ON u.rolname = current_user
        WHERE c.oid = $1::pg_catalog.int8::pg_catalog.oid
        """;

    public static async ValueTask<OwnTableTrust> ReadAsync(SinkSession session, long oid, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            Find, reader => new OwnTableTrust(reader.GetString(0), reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetString(2)), cancellationToken, oid))
        .FirstOrDefault() ?? new OwnTableTrust("?", IsTrusted: false, null); // gone this moment

    /// <summary>Why the sink does not touch it, with the way out; null: it may.</summary>
    public (string Sentence, string Resolution)? Problem(TableId table, string role)
    {
        var name = SinkSql.Quoted(table);
        return !IsTrusted
            ? ($"{name} belongs to {Owner}, which is neither role {role}, nor the schema's owner, nor a superuser: whoever made it may read what the sink puts there, and have it run code with the role's rights.",
                $"ALTER TABLE {name} OWNER TO {role}; where you know that its rows, defaults and checks are the sink's. Otherwise ALTER TABLE {name} RENAME TO {SinkSql.Quoted(table.Name + "_before")}; and the sink makes its own.")
            : Trigger is { } trigger ? ($"Trigger {trigger} would run with the rights of role {role} when the sink writes to {name}, its own table.", $"DROP TRIGGER {trigger};")
            : null;
    }
}
