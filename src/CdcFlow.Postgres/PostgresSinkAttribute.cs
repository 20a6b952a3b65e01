using CdcFlow.Configuration;
using CdcFlow.Postgres.Sink;
using CdcFlow.Sinks;

namespace CdcFlow.Postgres;

/// <summary>Writes to a table, rows and checkpoint in one database transaction: exactly once.</summary>
/// <remarks>
/// Sinks of one connection share its transaction, so readers see a checkpoint's changes to all their tables at the same instant. The
/// connection verifies the server's certificate and name unless <c>SSL Mode</c> in the connection string says otherwise; unix sockets go without TLS.
/// Every property may be overridden by <c>CdcFlow:{pipeline}:Sinks:{name}:{Property}</c>; those marked *connection* are read from the
/// connection's first sink. Reference: <c>docs/reference/postgres-sink.md</c>.
/// </remarks>
/// <param name="connection">The connection's name: <c>ConnectionStrings:{connection}</c>, an Npgsql connection string.</param>
[SinkCapabilities(SinkKind.Transactional, NeedsKey = true, KeylessWith = PostgresSinkMode.Append)]
public sealed class PostgresSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <summary>The table's name, as it is (case kept). Default: the row type's table.</summary>
    public string? Table { get; set; }

    /// <summary>The table's schema, which must exist. Default: <c>public</c>.</summary>
    public string Schema { get; set; } = "public";

    /// <summary>What the table holds. Default: <see cref="PostgresSinkMode.Upsert"/>, which needs a key.</summary>
    public PostgresSinkMode Mode { get; set; } = PostgresSinkMode.Upsert;

    /// <summary>What a delete does under <see cref="PostgresSinkMode.Upsert"/>. Default: <see cref="RemovalMode.Apply"/>.</summary>
    public RemovalMode Deletes { get; set; } = RemovalMode.Apply;

    /// <summary>What a truncate of the source's table does under <see cref="PostgresSinkMode.Upsert"/>. Default: <see cref="RemovalMode.Apply"/>.</summary>
    public RemovalMode Truncates { get; set; } = RemovalMode.Apply;

    /// <summary>Whether to create the table when it is missing. An existing one is never altered. Default: true.</summary>
    public bool CreateTable { get; set; } = true;

    /// <summary>What becomes of a row that the table refuses for its own sake: a value that does not fit or would be cut, NULL where none may be, a CHECK, a trigger's
    /// exception, or columns that neither the change nor the table has. Not of one that other rows have a part in (unique and foreign keys): that stops the
    /// pipeline. Default: <see cref="OnError.Stop"/>.</summary>
    public OnError OnError { get; set; }

    /// <summary>The schema of the table <c>cdcflow_checkpoint</c>, which is created when it is missing. *Connection*. Default: <c>public</c>.</summary>
    [ConnectionSetting]
    public string MarkerSchema { get; set; } = "public";

    /// <summary>How long to wait for a lock that somebody else holds, in seconds, 1 to 3600. *Connection*. Default: 30.</summary>
    [ConnectionSetting]
    public int LockTimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) => PostgresSinkConnection.Create(this, context);
}
