using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Types;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Tests.Debezium;

public sealed class DebeziumTypesTests
{
    [Theory]
    [InlineData(typeof(string), "timestamp(3) with time zone", "io.debezium.time.ZonedTimestamp")]
    [InlineData(typeof(DateTime), "TIMESTAMP (3)", "io.debezium.time.Timestamp")]
    [InlineData(typeof(DateTime), "timestamp(4)", "io.debezium.time.MicroTimestamp")]
    [InlineData(typeof(DateTime), null, "io.debezium.time.MicroTimestamp")]
    [InlineData(typeof(DateTime), "date", "io.debezium.time.Date")]
    [InlineData(typeof(TimeOnly), "time(0)", "io.debezium.time.Time")]
    [InlineData(typeof(TimeSpan), null, "io.debezium.time.MicroDuration")]
    [InlineData(typeof(TimeSpan), "time", "io.debezium.time.MicroTime")]
    [InlineData(typeof(decimal), null, "io.debezium.data.VariableScaleDecimal")]
    [InlineData(typeof(decimal), "numeric(5)", "org.apache.kafka.connect.data.Decimal")]
    [InlineData(typeof(ulong), null, "org.apache.kafka.connect.data.Decimal")]
    [InlineData(typeof(Guid), null, "io.debezium.data.Uuid")]
    [InlineData(typeof(DayOfWeek), null, "io.debezium.data.Enum")]
    [InlineData(typeof(DateTime), "varchar(30)", "io.debezium.time.MicroTimestamp")]
    [InlineData(typeof(bool), "smallint", null)]
    [InlineData(typeof(DayOfWeek), "integer", "io.debezium.data.Enum")]
    [InlineData(typeof(string), null, null)]
    [InlineData(typeof(string), "citext", null)]
    [InlineData(typeof(string), "integer[]", null)]
    public void Column_has_the_meaning_of_its_database_type_or_else_of_its_clr_type(Type clr, string? typeName, string? name) =>
        Assert.Equal(name, Of(clr, typeName).Schema.Name);

    [Fact]
    public void Every_clr_type_has_a_form_that_its_values_can_take()
    {
        Type[] types =
        [
            typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal),
            typeof(string), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(byte[]), typeof(System.Text.Json.JsonElement), typeof(DayOfWeek),
        ];
        Assert.All(types, type => Assert.True(ValueFit.Fits(type, Of(type, null).Form), type.Name));
    }

    [Fact]
    public void Arrays_have_items()
    {
        var array = Of(typeof(decimal?[]), "numeric(10,2)[]").Schema;
        Assert.Equal("org.apache.kafka.connect.data.Decimal", array.Items!.Name);
        Assert.Equal([("scale", "2"), ("connect.decimal.precision", "10")], array.Items.Parameters);
        Assert.True(array.Items.IsOptional);
    }

    [Fact]
    public void Enums_have_their_labels()
    {
        Assert.Equal([("allowed", "a,b c,it's")], Of(typeof(string), "enum('a', 'b c', 'it''s')").Schema.Parameters);
        Assert.Equal("Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday", Of(typeof(DayOfWeek), null).Schema.Parameters.Single().Value);
    }

    private static DebeziumType Of(Type clr, string? typeName) => DebeziumTypes.Of(new ColumnDescriptor("c", "C", clr, true, false, typeName), new DebeziumOptions());
}
