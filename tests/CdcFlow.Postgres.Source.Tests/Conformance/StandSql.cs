using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;
using CdcFlow.Testing.Conformance.Sources;
using Npgsql;

namespace CdcFlow.Postgres.Source.Tests.Conformance;

/// <summary>The conformance suite's tables and operations in PostgreSQL's words.</summary>
internal static class StandSql
{
    private static readonly Dictionary<Type, string> types = new()
    {
        [typeof(bool)] = "boolean",
        [typeof(short)] = "smallint",
        [typeof(int)] = "integer",
        [typeof(long)] = "bigint",
        [typeof(float)] = "real",
        [typeof(double)] = "double precision",
        [typeof(decimal)] = "numeric",
        [typeof(string)] = "text",
        [typeof(Guid)] = "uuid",
        [typeof(DateTime)] = "timestamp",
        [typeof(DateTimeOffset)] = "timestamptz",
        [typeof(DateOnly)] = "date",
        [typeof(TimeOnly)] = "time",
        [typeof(TimeSpan)] = "interval",
        [typeof(byte[])] = "bytea",
        [typeof(string[])] = "text[]",
        [typeof(int[])] = "integer[]",
    };

    public static string NameOf(RowSchema table) => SqlText.Identifier(table.TableName);

    public static string Create(RowSchema table) =>
        $"CREATE TABLE {NameOf(table)} ({string.Join(", ", table.Columns.Select(column => $"{SqlText.Identifier(column.Name)} {types[column.ClrType]}{(column.IsNullable ? "" : " NOT NULL")}"))}"
        + $", PRIMARY KEY ({string.Join(", ", table.KeyColumns.Select(index => SqlText.Identifier(table.Columns[index].Name)))}))";

    public static string Select(RowSchema table) => $"SELECT {Names(table)} FROM {NameOf(table)}";

    public static NpgsqlBatchCommand Command(RowOperation operation)
    {
        var table = operation.Table.Schema;
        return operation.Operation switch
        {
            Operation.Insert => Of($"INSERT INTO {NameOf(table)} ({Names(table)}) VALUES ({string.Join(", ", table.Columns.Select((_, index) => $"${index + 1}"))})", operation.After!.Values),
            Operation.Update => Update(operation),
            Operation.Delete => Of($"DELETE FROM {NameOf(table)} WHERE {KeyIs(table, first: 1)}", Keys(operation)),
            Operation.Truncate => Of($"TRUNCATE {NameOf(table)}", []),
            _ => throw new NotSupportedException($"{operation.Operation}"),
        };
    }

    public static object Value(NpgsqlDataReader reader, int index, Type type) =>
        type == typeof(DateOnly) ? reader.GetFieldValue<DateOnly>(index)
        : type == typeof(TimeOnly) ? reader.GetFieldValue<TimeOnly>(index)
        : type == typeof(DateTimeOffset) ? new DateTimeOffset(reader.GetDateTime(index), TimeSpan.Zero)
        : reader.GetValue(index);

    private static NpgsqlBatchCommand Update(RowOperation operation)
    {
        var (table, before, after) = (operation.Table.Schema, operation.Before!.Values, operation.After!.Values);
        var changed = Enumerable.Range(0, table.Columns.Count).Where(index => !Equals(before[index], after[index])).ToList();
        var sets = changed.Select((index, place) => $"{SqlText.Identifier(table.Columns[index].Name)} = ${place + 1}");
        return Of(
            $"UPDATE {NameOf(table)} SET {string.Join(", ", sets)} WHERE {KeyIs(table, changed.Count + 1)}", [.. changed.Select(index => after[index]), .. Keys(operation)]);
    }

    private static IReadOnlyList<object?> Keys(RowOperation operation) => [.. operation.Table.Schema.KeyColumns.Select(index => operation.Before!.Values[index])];

    private static string KeyIs(RowSchema table, int first) =>
        string.Join(" AND ", table.KeyColumns.Select((index, place) => $"{SqlText.Identifier(table.Columns[index].Name)} = ${first + place}"));

    private static string Names(RowSchema table) => string.Join(", ", table.Columns.Select(column => SqlText.Identifier(column.Name)));

    private static NpgsqlBatchCommand Of(string sql, IReadOnlyList<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value is DateTimeOffset instant ? instant.ToUniversalTime() : value ?? DBNull.Value });
        }

        return command;
    }
}
