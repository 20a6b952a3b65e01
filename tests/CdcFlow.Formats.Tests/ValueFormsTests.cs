using System.Net;
using System.Net.NetworkInformation;
using System.Numerics;
using System.Text.Json;
using CdcFlow.Formats.Json;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Tests;

/// <summary>What the formats cannot spell is known before the first row: of each type, what is refused then is what would be refused.</summary>
/// <remarks>Reported of another program: a kind of value that it does not know passed the start, and failed deep in the first row (apache/iggy#3640).</remarks>
public sealed class ValueFormsTests
{
    [Fact]
    [Trait("Validated", "CDCF2101")]
    public void Type_is_refused_before_the_start_where_its_value_would_be()
    {
        Alike(IPAddress.Loopback);
        Alike<IPAddress[]>([IPAddress.Loopback]);
        Alike(PhysicalAddress.None);
        Alike<PhysicalAddress[]>([PhysicalAddress.None]);
        Alike(new IPNetwork(IPAddress.Loopback, 32));
        Alike<IPNetwork[]>([new IPNetwork(IPAddress.Loopback, 32)]);
        Alike<IPNetwork?[]>([null]);
        Alike<byte>(1);
        Alike<ushort>(1);
        Alike<ulong>(1);
        Alike<ushort[]>([1]);
        Alike<uint[]>([1]);
        Alike<ulong[]>([1]);
        Alike<sbyte[]>([1]);
        Alike<int[]>([1]);
        Alike<int?[]>([null]);
        Alike<bool[]>([true]);
        Alike<bool?[]>([null]);
        Alike<Guid[]>([Guid.Empty]);
        Alike<TimeSpan?[]>([null]);
        Alike<DateTimeOffset[]>([default]);
        Alike<string?[]>([null]);
        Alike<byte[][]>([[1]]);
        Alike<DayOfWeek[]>([DayOfWeek.Friday]);
        Alike(new Dictionary<string, string?> { ["a"] = null });
        Alike(new Dictionary<string, int>());
        Alike(JsonElement.Parse("1"));
        Alike((BigInteger)1);
        Alike(new Version(1, 2));
        Alike(new Uri("http://a"));
        Alike(new object());
        Alike<object[]>([]);
    }

    [Fact]
    public void Column_that_has_none_is_named()
    {
        var error = Assert.Throws<CdcFlowException>(() => ValueForms.Require(Schema(typeof(PhysicalAddress[])), "JSON"));
        Assert.Equal("Column 'value' of Row: System.Net.NetworkInformation.PhysicalAddress[] has no form in JSON.", error.Happened);
        Assert.StartsWith("Convert the property with [ColumnConverter<…>] to text", error.Fix, StringComparison.Ordinal);
    }

    private static void Alike<TValue>(TValue value)
        where TValue : notnull
    {
        using var output = new ByteBuffer(64);
        var written = Record.Exception(() => JsonOther.Append(output, value)) as CdcFlowException;
        var before = Record.Exception(() => ValueForms.Require(Schema(typeof(TValue)), "JSON")) as CdcFlowException;
        Assert.True(written?.Code == before?.Code, $"{typeof(TValue)}: before the start {before?.Code ?? "taken"}, at its value {written?.Code ?? "taken"}.");
        Assert.True(written is null || written.Code == FormatErrors.TypeHasNoForm);
    }

    private static RowSchema Schema(Type type) => new("Row", "rows", null, new ColumnDescriptor("value", "Value", type, true, false));
}
