using CdcFlow.Checkpoints;
using CdcFlow.Formats;
using CdcFlow.Postgres.Sink;
using CdcFlow.Postgres.Wire;
using CdcFlow.Wire;
using Npgsql;

namespace CdcFlow.Postgres;

/// <summary>The run-time error codes of the PostgreSQL sink. Each has a row in <c>docs/reference/errors.md</c>.</summary>
/// <remarks>No message carries row values other than a key: where a server's message may quote one (SQLSTATE classes 22 and 23, and whatever a trigger raises), only names are taken from it.</remarks>
public static class PostgresSinkErrors
{
    /// <summary>The server could not be reached, or the connection broke.</summary>
    public const string Transport = "CDCF5001";

    /// <summary>The server answered with an error.</summary>
    public const string Server = "CDCF5002";

    /// <summary>A constraint of the table refuses a row.</summary>
    public const string Constraint = "CDCF5003";

    /// <summary>A value does not fit its column.</summary>
    public const string Value = "CDCF5004";

    /// <summary>It is unknown whether a commit took effect.</summary>
    public const string OutcomeUnknown = "CDCF5005";

    /// <summary>A newer instance has taken the sink over.</summary>
    public const string Fenced = "CDCF5006";

    /// <summary>Somebody else holds a lock for too long.</summary>
    public const string Locked = "CDCF5007";

    /// <summary>The table is missing.</summary>
    public const string TableMissing = "CDCF5008";

    /// <summary>A column is missing, or cannot take the property's type.</summary>
    public const string ColumnDoesNotFit = "CDCF5009";

    /// <summary>The table has no unique index on exactly the key columns.</summary>
    public const string UniqueIndexMissing = "CDCF5010";

    /// <summary>The row type has no key, and rows cannot be told apart without one.</summary>
    public const string KeyMissing = "CDCF5011";

    /// <summary>An update lacks columns that the log did not carry, and the table has no row to keep them from.</summary>
    public const string RowToUpdateMissing = "CDCF5012";

    /// <summary>The role lacks a right.</summary>
    public const string PrivilegeMissing = "CDCF5013";

    /// <summary>A name cannot be one in PostgreSQL.</summary>
    public const string NameInvalid = "CDCF5014";

    /// <summary>A checkpoint that was to be committed already is not the one that the marker names.</summary>
    public const string NotCommitted = "CDCF5015";

    /// <summary>A table that several sinks share would be emptied by the truncate of one source's table.</summary>
    public const string TruncatesShared = "CDCF5030";

    /// <summary>Another pipeline writes into the same table.</summary>
    public const string TableOfOther = "CDCF5031";

    /// <summary>The source removed rows, and the sink is set to refuse that.</summary>
    public const string RemovalRefused = "CDCF5016";

    /// <summary>A key column's type or collation takes two keys of the source for one.</summary>
    public const string KeyEquates = "CDCF5017";

    /// <summary>The server did not answer within a limit of the connection string.</summary>
    public const string TimedOut = "CDCF5018";

    /// <summary>What has the table's name is no table that keeps rows: a view, a foreign table.</summary>
    public const string NotATable = "CDCF5019";

    /// <summary>Something of the table's own would lose rows in silence: a rule, row level security, no log.</summary>
    public const string TableLosesRows = "CDCF5020";

    /// <summary>The server wrote or removed fewer rows than it was told to: a trigger passed over some.</summary>
    public const string RowsPassedOver = "CDCF5021";

    /// <summary>A transaction changed too many keys of a table whose key is checked at its end only.</summary>
    public const string OverlapTooLarge = "CDCF5022";

    /// <summary>Warning: a table was missing and is made anew, while the pipeline goes on from a checkpoint.</summary>
    public const string TableMadeLate = "CDCF5023";

    /// <summary>Warning: the column's enum lacks labels of the property's members.</summary>
    public const string LabelMissing = "CDCF2107";

    /// <summary>TLS was asked for and cannot be had, or the server's certificate does not verify.</summary>
    public const string Tls = "CDCF5024";

    /// <summary>The server takes no writes: it is a standby.</summary>
    public const string ReadOnly = "CDCF5025";

    /// <summary>The disk of the server is full.</summary>
    public const string DiskFull = "CDCF5026";

    /// <summary>The server asks for a login that the connection string does not allow, or has nothing for.</summary>
    public const string Login = "CDCF5027";

    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>The coded form of what the server or the driver said.</summary>
    /// <param name="error">What it said.</param>
    /// <param name="subject">What was being done, as the start of a sentence: <c>Sink 'x' writing …</c>.</param>
    /// <param name="column">The column that refuses a value, where it is known.</param>
    /// <param name="table">Its table, as SQL writes it.</param>
    /// <param name="role">The session's role, as SQL writes it.</param>
    internal static CdcFlowException Of(NpgsqlException error, string subject, TargetColumn? column = null, string? table = null, string? role = null) => error is PostgresException answer
        ? Of(answer, subject, column, table, role)
        : error.InnerException is TimeoutException ? new CdcFlowException(
            TimedOut, $"{subject}: no answer came within the limit that the connection string sets (Command Timeout for a statement, Timeout for connecting).",
            "The pipeline tries again from its last checkpoint; take Command Timeout out of the connection string, and a statement may take as long as it takes.",
            ErrorDomain.External, isTransient: true, inner: error)
        { IsAway = true }
        : new CdcFlowException(
            Transport, $"{subject}: the connection to the server broke: {TransportFault.Reason(error)}.",
            PostgresTransportException.Resolution, ErrorDomain.External, isTransient: error.IsTransient, inner: error)
        { IsAway = error.IsTransient };

    /// <summary>What the server answered, where it is not about rows.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="happened">What happened, up to the SQLSTATE.</param>
    /// <param name="resolution">What to do; null: only the manual says.</param>
    internal static CdcFlowException Answered(PostgresException answer, string happened, string? resolution)
    {
        var code = answer.SqlState switch
        {
            PostgresErrorCodes.ReadOnlySqlTransaction => ReadOnly,
            PostgresErrorCodes.DiskFull => DiskFull,
            _ => Server,
        };
        var isTransient = IsTransient(answer);
        return new CdcFlowException(
            code, $"{happened} (SQLSTATE {answer.SqlState}).", resolution ?? "Look the SQLSTATE up in PostgreSQL's manual, appendix A.", ErrorDomain.External, isTransient, answer)
        { IsAway = code == ReadOnly || PostgresServerException.IsAwayState(answer.SqlState), IsWaitedOut = code == DiskFull };
    }

    internal static CdcFlowException FencedBy(string pipeline, Epoch epoch, Epoch? holder) => new(
        Fenced, $"Epoch {epoch} of pipeline '{pipeline}' may not write any more: {(holder is null ? "a newer instance" : holder == epoch ? "another instance of that epoch, of a copy of its checkpoint store," : $"epoch {holder}")} has taken over.",
        "Let this instance end; only one may run.", ErrorDomain.External)
    { IsFenced = true, FencedBy = holder };

    internal static CdcFlowException OtherOwner(string pipeline, Epoch holder) => new(
        Fenced, $"The marker of pipeline '{pipeline}' belongs to another checkpoint store by now (epoch {holder}); it was left as it is.",
        "Look whose it is: `status`. If this store is to take its place: `takeover`, then `reset` again.", ErrorDomain.External)
    { IsFenced = true, FencedBy = holder };

    internal static CdcFlowException Unknown(CheckpointRef checkpoint, Exception inner) => new(
        OutcomeUnknown, $"The connection broke while checkpoint {checkpoint} was being committed, and the server cannot be asked whether it was.",
        "The pipeline restarts and asks the marker.", ErrorDomain.External, isTransient: true, inner)
    { IsAway = true };

    internal static CdcFlowException Lost(CheckpointRef checkpoint, Exception inner) => new(
        Transport, $"The connection broke before checkpoint {checkpoint} was committed; the server has rolled it back.",
        "The pipeline restarts from its last checkpoint.", ErrorDomain.External, isTransient: true, inner)
    { IsAway = true };

    internal static CdcFlowException Uncommitted(CheckpointRef checkpoint, CheckpointRef? marker, string restoreSql) => new(
        NotCommitted, $"Checkpoint {checkpoint} is not committed, the marker names {marker?.ToString() ?? "none"}, and its writes are gone.",
        $"The marker's row was changed by hand, or belongs to another pipeline of the same name: give that one another name, or bring the row back: {restoreSql};", ErrorDomain.External);

    internal static CdcFlowException NoRowToUpdate(string sink, string table, string row, string columns, TableId source) => new(
        RowToUpdateMissing, $"Sink '{sink}' got a change without the values of {columns}, which the source's log did not carry, and {table} has no row to keep them from ({row}).",
        $"Insert that row into {table} by hand, under the key that it had before where the change is of its key, with {columns} as the source has them, and start again. ALTER TABLE {SinkSql.Quoted(source)} REPLICA IDENTITY FULL; on the source keeps later changes from it.")
    { IsSinkRefusal = true, IsOfRow = true };

    internal static CdcFlowException TooManyOverlap(TableId source, int mostKeys, int mostBytes) => new(
        OverlapTooLarge, $"A transaction put rows under more than {mostKeys} keys of {source}, or more than {mostBytes} bytes of them under keys that other rows had: no unique index of {source} has columns of its [Key] and is checked with each row, so that rows with one key cannot be told apart.",
        $"Read the table anew; and make such an index (CREATE UNIQUE INDEX ON {SinkSql.Quoted(source)} (its key's columns); or a PRIMARY KEY that is NOT DEFERRABLE), or change the table in smaller transactions.")
    { IsSinkRefusal = true };

    internal static CdcFlowException PassedOver(string sink, string table, int rows, string range) => new(
        RowsPassedOver, $"Sink '{sink}': {rows} rows that {table} was to take or to lose were passed over ({range}): a trigger of it returns NULL for them.",
        $"ALTER TABLE {table} DISABLE TRIGGER USER; or let the trigger return the row. See which: {TriggersSql(table)}")
    { IsSinkRefusal = true };

    internal static CdcFlowException NoJson() => new(
        FormatErrors.ValueNotHeld, "A row has a JsonElement that was never set.", "Set it, or make the property a JsonElement? and leave it null.");

    internal static CdcFlowException NoKey(string sink, string rowType) => new(
        KeyMissing, $"Sink '{sink}' is to keep one row per key, but {rowType} has no [Key].", "Put [Key] on the key's properties, or set Mode = PostgresSinkMode.Append.");

    internal static CdcFlowException SharedTruncates(string settings, string sink) => new(
        TruncatesShared,
        $"Sink '{sink}' shares its table with others (Shared = true), and a truncate of its source's table would remove their rows as well.",
        $"Set Truncates of '{sink}' to Ignore, or to Refuse: {settings}:Truncates=Ignore.");

    internal static CdcFlowException Refused(string sink, string what, string setting) => new(
        RemovalRefused, $"Sink '{sink}' got {what}, and {setting} = Refuse.", $"Decide what shall happen to the rows, and set {setting} to Apply or Ignore.")
    { IsSinkRefusal = true };

    internal static CdcFlowException BadName(string kind, string why) => new(
        NameInvalid, $"The {kind} name {why}.", "Choose another name: PostgreSQL takes at most 63 bytes of UTF-8 without zero characters, and would cut a longer one silently.");

    internal static CdcFlowException NotConfigured(string connection) => new(
        ErrorCodes.ConfigurationMissing, $"Connection '{connection}' is not configured.",
        $"Set ConnectionStrings:{connection} to an Npgsql connection string.");

    internal static CdcFlowException WouldChange(string sink, string table, string row, TargetColumn column) => new(
        Value, $"Sink '{sink}' writing to {table} ({row}): column {SinkSql.Quoted(column.Name)} is {column.Declared} and would round or cut the value.",
        Widened(table, column) + (column.BaseType == "timestamptz" ? " A DateTime must be of kind Utc there: a time without a zone is no instant." : ""))
    { IsSinkRefusal = true, IsOfRow = true };

    private static string Widened(string table, TargetColumn column) =>
        column.Labels.Count > 0 ? $"ALTER TYPE {column.Bare} ADD VALUE '…'; with the label that the value is, or convert it in a transform."
        : column.Bare == column.Declared
            ? $"ALTER TABLE {table} ALTER COLUMN {SinkSql.Quoted(column.Name)} TYPE pg_catalog.text; or convert the value in a transform."
            : $"ALTER TABLE {table} ALTER COLUMN {SinkSql.Quoted(column.Name)} TYPE {column.Bare};";

    private static CdcFlowException Of(PostgresException answer, string subject, TargetColumn? column, string? table, string? role)
    {
        var state = answer.SqlState;
        return state[..2] switch
        {
            "23" => new CdcFlowException(
                Constraint, $"{subject}: {(answer.ConstraintName is { } name ? $"constraint '{name}' of" : "")} {Place(answer)} refuses a row (SQLSTATE {state}): {Violated(state)}.",
                $"{DropSql(answer)}; or make the source's rows obey it. Foreign keys between sinks, and unique constraints beside the key, should be DEFERRABLE INITIALLY DEFERRED.", ErrorDomain.User)
            { IsSinkRefusal = true },
            "22" when column is not null => new CdcFlowException(
                Value, $"{subject}: a value does not fit column {SinkSql.Quoted(column.Name)}, which is {column.Declared} (SQLSTATE {state}).",
                Widened(table!, column))
            { IsSinkRefusal = true },
            "22" => new CdcFlowException(
                Value, $"{subject}: a value does not fit {Place(answer)} (SQLSTATE {state}).", "Widen the column's type, or convert the value in a transform.", ErrorDomain.User)
            { IsSinkRefusal = true },
            _ when IsRaised(answer) => new CdcFlowException(
                Server, $"{subject}: {FunctionOf(answer)} refuses it (SQLSTATE {state}); what it says stands in the server's log.",
                table is null ? "Let the function take the row." : $"ALTER TABLE {table} DISABLE TRIGGER USER; or let the function take the row. See which: {TriggersSql(table)}",
                ErrorDomain.External, IsTransient(answer))
            { IsAway = PostgresServerException.IsAwayState(state), IsSinkRefusal = !IsTransient(answer) },
            _ when state == PostgresErrorCodes.LockNotAvailable => new CdcFlowException(
                Locked, $"{subject}: somebody else holds a lock for longer than LockTimeoutSeconds.",
                $"See who: {HoldersSql(table)}; and end an older instance or a forgotten session by SELECT pg_terminate_backend(pid).",
                ErrorDomain.External, isTransient: true, inner: answer),
            _ when state == PostgresErrorCodes.InsufficientPrivilege => new CdcFlowException(
                PrivilegeMissing, $"{subject}: {answer.MessageText} (SQLSTATE {state}).",
                table is null || role is null
                    ? $"GRANT the right that the message names TO {role ?? "the connection's role"};"
                    : $"GRANT {string.Join(", ", TableDefinition.Rights)} ON {table} TO {role}; GRANT USAGE ON SCHEMA {SchemaOf(table)} TO {role};",
                ErrorDomain.User, inner: answer),
            _ => Answered(answer, $"{subject}: the server answered '{answer.MessageText}'", ServerResolution.Of(state) ?? ResolutionAtTable(state)),
        };
    }

    /// <summary>The schema of a table's quoted name, quoted; it may hold quotes and dots.</summary>
    private static string SchemaOf(string table)
    {
        var end = table.IndexOf('"', 1);
        while (end + 1 < table.Length && table[end + 1] == '"')
        {
            end = table.IndexOf('"', end + 2);
        }

        return table[..(end + 1)];
    }

    private static string? ResolutionAtTable(string state) => state switch
    {
        PostgresErrorCodes.UndefinedTable =>
            "Bring the table that the message names back with its rows, or start with run --resnapshot and the source's table: the sink makes its table anew and fills it.",
        PostgresErrorCodes.UndefinedColumn => "Start again: the start compares the table with the row type, and names the ALTER TABLE that it needs.",
        _ => null,
    };

    // What a constraint says of other rows, those may be on their way: such a row is no bad one by itself.
    private static string Violated(string state) => state switch
    {
        PostgresErrorCodes.NotNullViolation => "it takes no NULL",
        PostgresErrorCodes.UniqueViolation => "another row has its values",
        PostgresErrorCodes.ForeignKeyViolation => "the row that it points to is not there, or others point to one that is to go",
        PostgresErrorCodes.ExclusionViolation => "it conflicts with another row",
        _ => "it does not hold for the row",
    };

    private static string DropSql(PostgresException answer)
    {
        var table = SinkSql.Quoted(new TableId(answer.SchemaName ?? "public", answer.TableName ?? ""));
        return answer switch
        {
            { SqlState: PostgresErrorCodes.NotNullViolation, TableName: not null, ColumnName: { } column } =>
                $"ALTER TABLE {table} ALTER COLUMN {SinkSql.Quoted(column)} DROP NOT NULL",
            { DataTypeName: { } domain, ConstraintName: { } constraint } =>
                $"ALTER DOMAIN {SinkSql.Quoted(new TableId(answer.SchemaName ?? "public", domain))} DROP CONSTRAINT {SinkSql.Quoted(constraint)}",
            { SqlState: PostgresErrorCodes.UniqueViolation, TableName: not null, ConstraintName: { } index } => // a constraint's, or an index alone
                $"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {SinkSql.Quoted(index)}; DROP INDEX IF EXISTS {SinkSql.Quoted(new TableId(answer.SchemaName ?? "public", index))}",
            { TableName: not null, ConstraintName: { } constraint } => $"ALTER TABLE {table} DROP CONSTRAINT {SinkSql.Quoted(constraint)}",
            _ => "Drop the constraint from the sink's table",
        };
    }

    private static string TriggersSql(string table) =>
        $"SELECT tgname FROM pg_trigger WHERE tgrelid = '{table.Replace("'", "''", StringComparison.Ordinal)}'::regclass AND NOT tgisinternal;";

    /// <summary>Whether a function raised it, in words and with a state of its own choice.</summary>
    private static bool IsRaised(PostgresException answer) => answer.SqlState[..2] == "P0" || answer.Routine == "exec_stmt_raise";

    /// <summary>The function that raised an error: the innermost line of its context. The other lines may quote statements, and so values.</summary>
    private static string FunctionOf(PostgresException answer)
    {
        const string Start = "PL/pgSQL function ";
        var line = answer.Where?.Split('\n')[0] ?? "";
        var end = line.IndexOf(')', StringComparison.Ordinal);
        return line.StartsWith(Start, StringComparison.Ordinal) && end > 0 ? $"function {line[Start.Length..(end + 1)]}" : "a trigger's function";
    }

    private static string HoldersSql(string? table) => table is null
        ? "SELECT pid, usename, state, xact_start, query FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start"
        : $"SELECT DISTINCT a.pid, a.usename, a.state, a.query FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.granted AND l.relation = '{table.Replace("'", "''", StringComparison.Ordinal)}'::regclass AND a.pid <> pg_backend_pid()";

    // Npgsql's own list (serialization failures, deadlocks, shutdowns, resources), and what failovers and paused processes give.
    private static bool IsTransient(PostgresException answer) => answer.IsTransient
        || answer.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || answer.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled or IdleInTransactionTimeout;

    private static string Place(PostgresException answer) =>
        answer.ColumnName is { } column ? $"column '{column}'" : answer.TableName is { } table ? $"table '{table}'" : "the table";
}
