using System.Net;
using CdcFlow.Postgres.Tests.Servers;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Tests.Types;

/// <summary>Differential test over all types and edge values: the snapshot's value, the log's value and the server's own text are one.</summary>
public class SnapshotAndLogAgreeTests(PostgresFixture fixture)
{
    private const string DoesNotFit = PostgresWireErrorCodes.ValueDoesNotFit;

    /// <summary>By column: the property's type, and what the four rows hold (the second is all NULL, and so left out).</summary>
    private static readonly Dictionary<string, (Type Type, object? First, object? Third, object? Fourth)> clrValues = new()
    {
        ["c_bool"] = (typeof(bool), true, false, null),
        ["c_int2"] = (typeof(short), short.MaxValue, short.MinValue, null),
        ["c_int4"] = (typeof(long), (long)int.MaxValue, -1073741824L, null),
        ["c_int8"] = (typeof(long), long.MaxValue, long.MinValue, null),
        ["c_float4"] = (typeof(double), (double)3.4028235e38f, -0.0, double.NaN),
        ["c_float8"] = (typeof(double), double.MaxValue, -0.0, double.PositiveInfinity),
        ["c_num"] = (typeof(decimal), DoesNotFit, 0m, DoesNotFit),
        ["c_num_10_2"] = (typeof(decimal), 12345678.99m, -0.01m, null),
        ["c_num_38_10"] = (typeof(PostgresNumeric), Numeric("1234567890123456789012345678.0123456789"), Numeric("-0.0000000001"), null),
        ["c_money"] = (typeof(decimal), 1234.56m, -0.01m, null),
        ["c_bytea"] = (typeof(byte[]), new byte[] { 0xDE, 0xAD, 0xBE, 0xEF, 0 }, Array.Empty<byte>(), null),
        ["c_bit1"] = (typeof(bool), true, null, null),
        ["c_date"] = (typeof(DateOnly), new DateOnly(2026, 2, 28), DateOnly.MinValue, DoesNotFit),
        ["c_time"] = (typeof(TimeOnly), new TimeOnly(23, 59, 59, 999, 999), TimeOnly.MinValue, DoesNotFit),
        ["c_time3"] = (typeof(TimeSpan), new TimeSpan(0, 12, 34, 56, 789), TimeSpan.FromMilliseconds(1), null),
        ["c_timetz"] = (typeof(PostgresTimeTz), TimeTz(TimeSpan.TicksPerDay - 10, 2), TimeTz(0, 14), null),
        ["c_ts"] = (typeof(DateTime), new DateTime(2026, 3, 29, 1, 30, 0, 123, 456), DateTime.MinValue, DoesNotFit),
        ["c_ts3"] = (typeof(DateTime), new DateTime(2026, 3, 29, 1, 30, 0, 123), new DateTime(1969, 12, 31, 23, 59, 59, 999), null),
        ["c_tstz"] = (
            typeof(DateTimeOffset), new DateTimeOffset(2026, 3, 29, 1, 30, 0, 123, 456, TimeSpan.Zero), DateTimeOffset.UnixEpoch.AddTicks(-10), DoesNotFit),
        ["c_interval"] = (
            typeof(PostgresInterval), new PostgresInterval(14, 3, 14_706_789_000), new PostgresInterval(-1, -1, -1_000_000),
            new PostgresInterval(2_136_000_000, 0, 0)),
        ["c_uuid"] = (typeof(Guid), new Guid("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), null, null),
        ["c_inet"] = (typeof(IPAddress), DoesNotFit, null, null),
        ["c_cidr"] = (typeof(IPNetwork), IPNetwork.Parse("10.0.0.0/8"), null, null),
        ["c_int4_arr"] = (typeof(int?[]), new int?[] { 1, 2, null }, Array.Empty<int?>(), null),
        ["c_text_arr"] = (typeof(string[]), new[] { "a", "b,c", null, "d\"e" }, Array.Empty<string>(), null),
        ["c_num_arr"] = (typeof(decimal[]), new[] { 1.10m, 2.20m }, null, null),
        ["c_ts_arr"] = (typeof(DateTime[]), new[] { new DateTime(2026, 1, 1) }, null, null),
        ["c_enum_arr"] = (typeof(string[]), new[] { "sad", "happy" }, null, null),
        ["c_domain"] = (typeof(int), 5, null, null),
        ["c_int4range"] = (typeof(PostgresRange<int>), new PostgresRange<int>(1, 5, true, false), new PostgresRange<int> { IsEmpty = true }, null),
        ["c_tstzrange"] = (
            typeof(PostgresRange<DateTimeOffset>),
            new PostgresRange<DateTimeOffset>(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), true, false),
            new PostgresRange<DateTimeOffset>(null, null, false, false), null),
        ["c_numrange"] = (typeof(PostgresRange<decimal>), new PostgresRange<decimal>(1.1m, 2.2m, false, true), null, null),
        ["c_daterange"] = (typeof(PostgresRange<DateOnly>), new PostgresRange<DateOnly>(new(2026, 1, 1), new(2026, 1, 5), true, false), null, null),
        ["c_oid"] = (typeof(uint), uint.MaxValue, 0u, null),
        ["c_hstore"] = (
            typeof(Dictionary<string, string?>), new Dictionary<string, string?> { ["k"] = "v", ["n"] = null }, new Dictionary<string, string?>(), null),
    };

    private readonly CancellationToken cancellationToken = TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_strings_every_column_is_the_servers_own_text()
    {
        var golden = await GoldenTypes.OnAsync(await fixture.ServerAsync(), cancellationToken);
        using var connection = golden.Connect(cancellationToken);
        var catalog = new PostgresTypeCatalog();
        var schema = Schema(AllColumns(connection, catalog).ToDictionary(column => column.Name, _ => typeof(string)));

        var server = connection.Query(
            $"SELECT {string.Join(", ", schema.Columns.Select(column => column.Name))} FROM {GoldenTypes.Table} WHERE id < 10 ORDER BY id").Rows;
        var (snapshot, log) = Read(golden, connection, catalog, schema);

        Assert.Equal(4, server.Count);
        Assert.Equal(server, snapshot);
        Assert.Equal(server, log);
    }

    [Fact]
    public async Task As_clr_values_both_give_the_expected_value_or_the_same_error()
    {
        var golden = await GoldenTypes.OnAsync(await fixture.ServerAsync(), cancellationToken);
        using var connection = golden.Connect(cancellationToken);
        var catalog = new PostgresTypeCatalog();

        var (snapshot, log) = Read(golden, connection, catalog, Schema(clrValues.ToDictionary(known => known.Key, known => known.Value.Type)));

        List<object?[]> expected =
        [
            [.. clrValues.Values.Select(known => known.First)], new object?[clrValues.Count],
            [.. clrValues.Values.Select(known => known.Third)], [.. clrValues.Values.Select(known => known.Fourth)],
        ];
        Assert.Equal(expected, snapshot);
        Assert.Equal(expected, log);
    }

    // The key differs on purpose; the log does not carry the generated column before PostgreSQL 18.
    private static IEnumerable<ServerColumn> AllColumns(PostgresConnection connection, PostgresTypeCatalog catalog) =>
        GoldenTypes.Columns(connection, catalog).Where(column => column.Name is not ("c_generated" or "id"));

    private static RowSchema Schema(IReadOnlyDictionary<string, Type> columns) => new("Golden", "types", "golden", [.. columns
        .Select(column => new ColumnDescriptor(column.Key, column.Key, column.Value, IsNullable: true, IsKey: false, IsNameExplicit: true))]);

    private (List<object?[]> Snapshot, List<object?[]> Log) Read(
        GoldenTypes golden, PostgresConnection connection, PostgresTypeCatalog catalog, RowSchema schema)
    {
        var binding = ColumnBinding.ForCopy(schema, GoldenTypes.Table, GoldenTypes.Columns(connection, catalog));
        return (GoldenTypes.Snapshot(connection, binding), golden.Log(connection, catalog, schema, cancellationToken));
    }

    private static PostgresNumeric Numeric(string text) =>
        PostgresNumeric.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var value) ? value : throw new FormatException(text);

    private static PostgresTimeTz TimeTz(long ticks, int hours) => new(new TimeSpan(ticks), TimeSpan.FromHours(hours));
}
