using CdcFlow.Postgres.Tests.Servers;
using CdcFlow.Postgres.Types;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Tests.Types;

public class RowReaderOfServerTests(PostgresFixture fixture)
{
    private static readonly RowSchema schema = new(
        "Row", "types", "golden",
        new ColumnDescriptor("c_int8", "Int8", typeof(long), true, false), new ColumnDescriptor("c_num_10_2", "Num", typeof(decimal), true, false),
        new ColumnDescriptor("c_tstz", "At", typeof(DateTimeOffset), true, false), new ColumnDescriptor("c_uuid", "Uuid", typeof(Guid), true, false),
        new ColumnDescriptor("c_enum", "Mood", typeof(DayOfWeek), true, false), new ColumnDescriptor("c_interval", "Interval", typeof(PostgresInterval), true, false));

    [Fact]
    public async Task Reading_values_allocates_nothing()
    {
        var golden = await GoldenTypes.OnAsync(await fixture.ServerAsync(), TestContext.Current.CancellationToken);
        using var connection = golden.Connect(TestContext.Current.CancellationToken);
        var binding = ColumnBinding.ForCopy(schema, GoldenTypes.Table, GoldenTypes.Columns(connection, new PostgresTypeCatalog()));
        var sql = $"COPY (SELECT {binding.SelectList} FROM {GoldenTypes.Table}, generate_series(1, 20000) WHERE id = 1) TO STDOUT (FORMAT binary)";
        var copy = connection.CopyOut(sql);
        Read(ref copy, binding, rows: 1_000); // warm

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(ref copy, binding, rows: 18_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 18_000); // less than a byte a row: tiering, not rows
    }

    [Fact]
    public async Task A_value_that_does_not_fit_is_named_by_table_column_kind_and_fix_and_not_shown()
    {
        var golden = await GoldenTypes.OnAsync(await fixture.ServerAsync(), TestContext.Current.CancellationToken);
        using var connection = golden.Connect(TestContext.Current.CancellationToken);
        var numeric = new RowSchema("Row", "types", "golden", new ColumnDescriptor("c_num", "Amount", typeof(decimal), true, false));
        var binding = ColumnBinding.ForCopy(numeric, GoldenTypes.Table, GoldenTypes.Columns(connection, new PostgresTypeCatalog()));
        var copy = connection.CopyOut($"COPY (SELECT {binding.SelectList} FROM {GoldenTypes.Table} WHERE id IN (1, 4) ORDER BY id) TO STDOUT (FORMAT binary)");

        var large = Misfit(copy, binding);
        var nan = Misfit(copy, binding);

        Assert.StartsWith("CDCF4012: Column 'c_num' (numeric) of golden.types holds more digits than fit, which Row.Amount (Decimal) cannot hold.", large);
        Assert.Contains("PostgresNumeric", large);
        Assert.DoesNotContain("12345678901234567890", large);
        Assert.Contains("holds NaN", nan);
    }

    private static string Misfit(Postgres.Wire.CopyOutReader copy, ColumnBinding binding)
    {
        Assert.True(copy.Read(out var row));
        try
        {
            new PostgresRowReader(row, binding).GetDecimal(0);
            return "";
        }
        catch (CdcFlowException e)
        {
            return e.Message;
        }
    }

    private static void Read(ref Postgres.Wire.CopyOutReader copy, ColumnBinding binding, int rows)
    {
        for (; rows > 0; rows--)
        {
            Assert.True(copy.Read(out var row));
            var reader = new PostgresRowReader(row, binding);
            var sum = reader.GetInt64(0) + reader.GetDecimal(1) + reader.GetDateTimeOffset(2).Ticks + reader.GetGuid(3).Version
                + reader.GetUtf8(4).Length + reader.Get<PostgresInterval>(5).Days;
            if (sum == 0)
            {
                throw new InvalidOperationException("The golden row is not all zero.");
            }
        }
    }
}
