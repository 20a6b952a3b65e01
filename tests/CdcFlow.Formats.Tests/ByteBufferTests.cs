namespace CdcFlow.Formats.Tests;

public sealed class ByteBufferTests
{
    [Fact]
    public void Grows_and_keeps_what_was_written()
    {
        using var buffer = new ByteBuffer(1);
        var expected = new List<byte>();
        for (var index = 0; index < 5000; index++)
        {
            buffer.Append((byte)index);
            buffer.AppendText(index);
            expected.Add((byte)index);
            expected.AddRange(System.Text.Encoding.UTF8.GetBytes($"{index}"));
        }

        Assert.Equal(expected, buffer.Written.ToArray());
    }

    [Fact]
    public void Room_of_a_large_value_is_about_its_size_and_is_not_kept()
    {
        const int large = 20_000_000;
        using var buffer = new ByteBuffer(16);
        buffer.Append(new byte[large]);
        buffer.Append(1);
        Assert.InRange(buffer.Length + buffer.GetSpan().Length, large + 1, large * 5 / 4);

        buffer.Clear();
        Assert.InRange(buffer.GetSpan().Length, 16, 4096);
        buffer.Append([1, 2, 3]);
        Assert.Equal([1, 2, 3], buffer.Written.ToArray());
    }

    [Fact]
    public void Never_advances_beyond_its_room()
    {
        using var buffer = new ByteBuffer(16);
        var room = buffer.GetSpan().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(1));
    }

    /// <summary>The array is asked for and never touched, so it costs addresses and no memory.</summary>
    [Fact]
    [Trait("WayOut", "CDCF2105")]
    public void Record_beyond_what_an_array_holds_stops_with_a_code()
    {
        using var buffer = new ByteBuffer(16);
        Assert.Throws<CdcFlowException>(() => { buffer.Room(Array.MaxLength + 1L); });
        buffer.Room(Array.MaxLength);
        buffer.Advance(Array.MaxLength - 1);
        buffer.Append(1);
        foreach (var append in new Action[] { () => buffer.Append(1), () => buffer.Append([1, 2]), () => buffer.AppendText(7), () => buffer.GetSpan(1), () => buffer.GetMemory(1) })
        {
            var error = Assert.Throws<CdcFlowException>(append);
            Assert.Equal((FormatErrors.RecordTooLarge, "Leave its largest columns out with a transform, or filter the row out."), (error.Code, error.Fix));
        }

        // Without them the record is an ordinary one.
        buffer.Clear();
        buffer.Append([1, 2]);
        Assert.Equal([1, 2], buffer.Written.ToArray());
    }

    [Theory]
    [InlineData("CustomerId", "customer_id")]
    [InlineData("HTTPUrl", "http_url")]
    [InlineData("Line2", "line2")]
    [InlineData("already_snake", "already_snake")]
    [InlineData("X", "x")]
    public void Names_become_snake_case(string name, string snake) => Assert.Equal(snake, FieldNames.SnakeCase(name));
}
