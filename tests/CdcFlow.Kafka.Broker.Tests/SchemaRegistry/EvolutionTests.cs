using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Kafka.Broker.Tests.SchemaRegistry;

/// <summary>What <c>docs/reference/schema-registry.md</c> says about changes of a row type, asked of a real registry.</summary>
public sealed class EvolutionTests
{
    private static readonly ColumnDescriptor id = new("Id", "Id", typeof(long), false, true);
    private static readonly ColumnDescriptor count = new("Count", "Count", typeof(int), false, false);
    private static readonly ColumnDescriptor note = new("Note", "Note", typeof(string), true, false);
    private static readonly ColumnDescriptor owner = new("Owner", "Owner", typeof(string), false, false);

    private static readonly ColumnDescriptor[] rows = [id, count, note];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RecordFormat.Avro, "FULL")]
    [InlineData(RecordFormat.DebeziumAvro, "FULL")]
    [InlineData(RecordFormat.Json, "BACKWARD")]
    [InlineData(RecordFormat.DebeziumJson, "BACKWARD")]
    public async Task New_nullable_column_is_compatible(RecordFormat format, string rule) =>
        Assert.True(await IsCompatibleAsync(format, rule, [.. rows, note with { Name = "Remark", Property = "Remark" }]));

    [Theory]
    [InlineData(RecordFormat.Avro, true)]
    [InlineData(RecordFormat.DebeziumAvro, false)]
    [InlineData(RecordFormat.Json, true)]
    [InlineData(RecordFormat.DebeziumJson, true)]
    public async Task New_column_that_takes_no_null_is_backward_compatible_where_values_may_lack_it(RecordFormat format, bool isCompatible) =>
        Assert.Equal(isCompatible, await IsCompatibleAsync(format, "BACKWARD", [.. rows, owner]));

    [Theory]
    [InlineData(RecordFormat.Avro, "FULL", true)]
    [InlineData(RecordFormat.DebeziumAvro, "FULL", true)]
    [InlineData(RecordFormat.Json, "BACKWARD", false)]
    [InlineData(RecordFormat.DebeziumJson, "BACKWARD", false)]
    public async Task Column_less(RecordFormat format, string rule, bool isCompatible) =>
        Assert.Equal(isCompatible, await IsCompatibleAsync(format, rule, [id, count]));

    [Theory]
    [InlineData(RecordFormat.Avro)]
    [InlineData(RecordFormat.DebeziumAvro)]
    public async Task Wider_number_is_backward_compatible(RecordFormat format)
    {
        Assert.True(await IsCompatibleAsync(format, "BACKWARD", [id, count with { ClrType = typeof(long) }, note]));
        Assert.False(await IsCompatibleAsync(format, "FORWARD", [id, count with { ClrType = typeof(long) }, note]));
    }

    private static async Task<bool> IsCompatibleAsync(RecordFormat format, string rule, params ColumnDescriptor[] changed)
    {
        using var registry = await RealRegistry.ConnectAsync();
        var topic = $"t-{Guid.NewGuid():n}";
        await registry.RegisterAsync($"{topic}-value", Value(format, topic, rows), Cancellation);
        await RealRegistry.RequireAsync($"{topic}-value", rule);
        try
        {
            await registry.RequireCompatibleAsync($"{topic}-value", Value(format, topic, changed), Cancellation);
            return true;
        }
        catch (CdcFlowException error) when (error.Code == "CDCF5264")
        {
            return false;
        }
    }

    private static RecordSchema Value(RecordFormat format, string topic, ColumnDescriptor[] columns) =>
        RecordSchemas.Of(new RowSchema("Row", "rows", null, columns), new RecordOptions { Format = format }, topic).Value;
}
