using CdcFlow.Generators.Tests.Pipelines;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>The generated codecs of <see cref="ColumnsPipeline"/>.</summary>
public sealed class CodecTests
{
    private static readonly Codec.ICalls<Everything> codec = Codec.Of<ColumnsPipeline, Everything>("EverythingCodec");
    private static readonly Guid id = Guid.Parse("5b3e7c1a-0d0e-4b1f-9a52-0a1b2c3d4e5f");

    private static object?[] Values => [id, 1.50m, 3, "new", null, "text", null, new byte[] { 1, 2 }, new[] { 4, 5 }, "9.5 EUR", null];

    [Fact]
    public void Columns_are_the_mapped_properties_in_order() =>
        Assert.Equal(
            ["id", "Version", "Count", "Status", "Previous", "note", "Remark", "Blob", "Numbers", "Price", "Day"],
            Codec.Schema<ColumnsPipeline>("EverythingCodec").Columns.Select(column => column.Name));

    [Fact]
    public void Schema_says_table_key_types_and_nullability()
    {
        var schema = Codec.Schema<ColumnsPipeline>("EverythingCodec");
        Assert.Equal(("Everything", "everything", "app"), (schema.RowType, schema.TableName, schema.SchemaName));
        Assert.Equal([0, 1], schema.KeyColumns);
        Assert.Equal((typeof(int), true), (schema.Columns[2].ClrType, schema.Columns[2].IsNullable));
        Assert.Equal((typeof(string), false, "text", true), (schema.Columns[5].ClrType, schema.Columns[5].IsNullable, schema.Columns[5].TypeName, schema.Columns[5].IsNameExplicit));
        Assert.Equal(typeof(string), schema.Columns[9].ClrType);
    }

    [Fact]
    public void Row_that_is_read_and_written_again_is_the_same()
    {
        var row = codec.Read(new FakeRow(Values));
        Assert.Equal((id, 1.50m, 3, OrderStatus.New, null, "text", null), (row.Id, row.Version, row.Count, row.Status, row.Previous, row.Note, row.Remark));
        Assert.Equal(new Money(9.5m, "EUR"), row.Price);
        object?[] written = codec.Write(row);
        Assert.Equal("New", written[3]);
        written[3] = "new";
        Assert.Equal(Values, written);
    }

    [Theory]
    [InlineData("PAID", OrderStatus.Paid)]
    [InlineData("p_a_i_d", OrderStatus.Paid)]
    [InlineData("2", OrderStatus.Cancelled)]
    [InlineData("9", (OrderStatus)9)]
    public void Enum_is_read_by_label_or_number(string text, OrderStatus status)
    {
        var values = Values;
        values[4] = text;
        Assert.Equal(status, codec.Read(new FakeRow(values)).Previous);
    }

    [Fact]
    public void Label_that_the_enum_lacks_stops()
    {
        var values = Values;
        values[3] = "refunded";
        var error = Assert.Throws<CdcFlowException>(() => codec.Read(new FakeRow(values)));
        Assert.Equal(ErrorCodes.UnknownEnumLabel, error.Code);
        Assert.DoesNotContain("refunded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_in_a_property_that_takes_none_stops_and_names_it()
    {
        var values = Values;
        values[5] = null;
        var error = Assert.Throws<CdcFlowException>(() => codec.Read(new FakeRow(values)));
        Assert.Equal(ErrorCodes.NullColumn, error.Code);
        Assert.Contains("Everything.Note", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_that_the_log_did_not_carry_leaves_the_default()
    {
        var values = Values;
        values[5] = FakeRow.Unchanged;
        Assert.Null(codec.Read(new FakeRow(values)).Note);
    }

    [Fact]
    public void Key_is_read_alone()
    {
        var row = codec.ReadKey(new FakeRow([id, 1.5m, .. Enumerable.Repeat<object?>(null, 9)]));
        Assert.Equal((id, 1.5m, null, OrderStatus.New), (row.Id, row.Version, row.Count, row.Status));
    }

    [Fact]
    public void Keys_that_are_equal_hash_equally()
    {
        var left = codec.Read(new FakeRow(Values));
        var values = Values;
        values[1] = 1.5m;
        var right = codec.Read(new FakeRow(values));
        Assert.True(codec.KeyEquals(left, right));
        Assert.Equal(codec.KeyHash(left), codec.KeyHash(right));
        Assert.Equal((id, 1.5m), codec.Key(right));
        right.Version = 2;
        Assert.False(codec.KeyEquals(left, right));
    }

    [Fact]
    public void Nested_record_with_a_keyword_for_a_name_is_read_through_its_constructor()
    {
        var place = Codec.Of<ColumnsPipeline, Outer.Place>("OuterPlaceCodec").Read(new FakeRow(["a", 3, "x"]));
        Assert.Equal(new Outer.Place("a", 3) { Label = "x" }, place);
    }
}
