using System.Globalization;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The form of a table that its rows are read by: which table it is, and the numbers and types of the columns in use. Each snapshot is asked whether
/// the table still has it.</summary>
/// <remarks>
/// The question is part of the chunk's transaction, after its lock on the table. Whoever alters the table needs a lock that excludes this one, and lets
/// go of it after the change is visible; so nobody does between the lock and the end of the transaction, and what the snapshot shows of the catalog is what
/// the rows are read by.
/// </remarks>
/// <param name="table">The table.</param>
/// <param name="columns">The names of the columns in use.</param>
internal sealed class BoundForm(PostgresTable table, IReadOnlySet<string> columns)
{
    private readonly string expected = table.Oid.ToString(CultureInfo.InvariantCulture)
        + string.Concat(table.Columns.Where(column => columns.Contains(column.Name)).OrderBy(column => column.Number).Select(
            column => string.Create(CultureInfo.InvariantCulture, $" {column.Number}:{column.TypeOid}")));

    /// <summary>The form as text; another text is another form.</summary>
    internal string Text => expected;

    /// <summary>An expression that gives the form now.</summary>
    internal string Sql =>
        $"""
        (SELECT to_regclass({SqlText.Literal(SqlText.Table(table.Id))})::oid || coalesce(string_agg(' ' || a.attnum || ':' || a.atttypid, '' ORDER BY a.attnum), '')
         FROM pg_attribute a WHERE a.attrelid = {table.Oid} AND NOT a.attisdropped AND a.attname IN ({string.Join(", ", columns.Select(SqlText.Literal))}))
        """;

    /// <summary>Compares what a snapshot says.</summary>
    /// <exception cref="CdcFlowException">CDCF4053, CDCF4056: nothing may be read by the binding.</exception>
    internal void Require(string? now)
    {
        if (now == expected)
        {
            return;
        }

        throw now?.Split(' ')[0] != expected.Split(' ')[0]
            ? new CdcFlowException(
                PostgresSourceErrorCodes.OtherTable, $"Table {table.Id} is another table now than when the run began: it was dropped or renamed while it was read.",
                "The pipeline restarts and says what became of it.", isTransient: true)
            : new CdcFlowException(
                PostgresSourceErrorCodes.ColumnsChanged, $"Columns of table {table.Id} were altered while it was read.",
                "The pipeline restarts and binds them anew. A first snapshot goes on after the last chunk, and what was read before has the old form; a table that is read again begins anew.", isTransient: true);
    }
}
