using CdcFlow.Postgres.Types;

namespace CdcFlow.Postgres.Tests.Types;

/// <summary>The table of what fits what, which the compiler has too, and the decoders that follow it.</summary>
public sealed class ColumnFitTests
{
    [Fact]
    public void Types_of_the_table_are_those_that_have_a_decoder() => Assert.Equal(
        ColumnFit.Scalars.Order(StringComparer.Ordinal),
        TextDecoders.Types.Where(type => type == typeof(byte[]) || !type.IsArray).Where(type => !IsRange(type)).Select(Spell).Order(StringComparer.Ordinal));

    [Fact]
    public void Decoder_takes_a_column_of_some_kind_at_least()
    {
        var shapes = Shapes().Select(shape => new PostgresType("x", shape.Kind, "x") { Element = TypeOf(shape.Element) }).ToList();
        Assert.All(TextDecoders.Types, type => Assert.Contains(shapes, shape => TextDecoders.For(type)!.Accepts(shape)));
    }

    [Fact]
    public void Shape_is_read_as_it_is_written() => Assert.All(Shapes(), shape => Assert.Equal(shape, ColumnShape.Parse(shape.ToString())));

    [Theory]
    [InlineData("")]
    [InlineData("Tensor")]
    [InlineData("7")]
    [InlineData("int32")]
    [InlineData("Array")]
    [InlineData("Array of ")]
    [InlineData("Int32 of Int32")]
    [InlineData("Int32, Text")]
    public void Text_of_no_shape_is_none(string text) => Assert.Null(ColumnShape.Parse(text));

    private static IEnumerable<ColumnShape> Shapes()
    {
        ColumnShape[] plain = [.. Enum.GetValues<ValueKind>().Where(kind => kind is not (ValueKind.Array or ValueKind.Range or ValueKind.Multirange)).Select(kind => new ColumnShape(kind))];
        ColumnShape[] ranges = [.. plain.Select(bound => new ColumnShape(ValueKind.Range, bound))];
        return [.. plain, .. ranges, .. ranges.Select(range => new ColumnShape(ValueKind.Multirange, range)), .. plain.Concat(ranges).Select(element => new ColumnShape(ValueKind.Array, element))];
    }

    private static PostgresType? TypeOf(ColumnShape? shape) => shape is null ? null : new PostgresType("x", shape.Kind, "x") { Element = TypeOf(shape.Element) };

    private static bool IsRange(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(PostgresRange<>);

    private static string Spell(Type type) =>
        type.IsGenericType ? $"{type.Namespace}.{type.Name.Split('`')[0]}<{string.Join(", ", type.GenericTypeArguments.Select(argument => argument.FullName))}>" : type.FullName!;
}
