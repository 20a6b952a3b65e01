using System.Net;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Postgres.Tests.Types;

/// <summary>Reads a whole row as objects, by the types that the binding's row schema names; a value that does not fit is its error code.</summary>
internal static class ObjectRow
{
    internal static object?[] Read(PostgresRowReader reader)
    {
        var schema = reader.Schema;
        var values = new object?[schema.Columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = reader.IsNull(i) ? null : Value(reader, i, schema.Columns[i].ClrType);
            }
            catch (CdcFlowException e)
            {
                values[i] = e.Code;
            }
        }

        return values;
    }

    private static object Value(PostgresRowReader reader, int column, Type type) => type switch
    {
        _ when type == typeof(string) => reader.GetString(column),
        _ when type == typeof(bool) => reader.GetBoolean(column),
        _ when type == typeof(short) => reader.GetInt16(column),
        _ when type == typeof(int) => reader.GetInt32(column),
        _ when type == typeof(long) => reader.GetInt64(column),
        _ when type == typeof(float) => reader.GetSingle(column),
        _ when type == typeof(double) => reader.GetDouble(column),
        _ when type == typeof(decimal) => reader.GetDecimal(column),
        _ when type == typeof(Guid) => reader.GetGuid(column),
        _ when type == typeof(DateTime) => reader.GetDateTime(column),
        _ when type == typeof(DateTimeOffset) => reader.GetDateTimeOffset(column),
        _ when type == typeof(DateOnly) => reader.GetDateOnly(column),
        _ when type == typeof(TimeOnly) => reader.GetTimeOnly(column),
        _ when type == typeof(TimeSpan) => reader.GetTimeSpan(column),
        _ when type == typeof(byte[]) => reader.GetBytes(column),
        _ when type == typeof(uint) => reader.Get<uint>(column),
        _ when type == typeof(PostgresNumeric) => reader.Get<PostgresNumeric>(column),
        _ when type == typeof(PostgresInterval) => reader.Get<PostgresInterval>(column),
        _ when type == typeof(PostgresTimeTz) => reader.Get<PostgresTimeTz>(column),
        _ when type == typeof(IPAddress) => reader.Get<IPAddress>(column),
        _ when type == typeof(IPNetwork) => reader.Get<IPNetwork>(column),
        _ when type == typeof(int?[]) => reader.Get<int?[]>(column),
        _ when type == typeof(int[]) => reader.Get<int[]>(column),
        _ when type == typeof(string[]) => reader.Get<string[]>(column),
        _ when type == typeof(decimal[]) => reader.Get<decimal[]>(column),
        _ when type == typeof(DateTime[]) => reader.Get<DateTime[]>(column),
        _ when type == typeof(PostgresRange<int>) => reader.Get<PostgresRange<int>>(column),
        _ when type == typeof(PostgresRange<decimal>) => reader.Get<PostgresRange<decimal>>(column),
        _ when type == typeof(PostgresRange<DateOnly>) => reader.Get<PostgresRange<DateOnly>>(column),
        _ when type == typeof(PostgresRange<DateTimeOffset>) => reader.Get<PostgresRange<DateTimeOffset>>(column),
        _ when type == typeof(Dictionary<string, string?>) => reader.Get<Dictionary<string, string?>>(column),
        _ => throw new NotSupportedException(type.Name),
    };
}
