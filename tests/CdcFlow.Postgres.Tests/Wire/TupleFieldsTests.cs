using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Tests.Wire;

public sealed class TupleFieldsTests
{
    [Fact]
    public void Null_column_after_a_longer_row_is_empty()
    {
        var fields = new TupleFields();
        byte[] longRow = [0, 2, (byte)'t', 0, 0, 0, 9, .. "long text"u8, (byte)'t', 0, 0, 0, 1, (byte)'x'];
        byte[] shortRow = [0, 2, (byte)'n', (byte)'n'];
        var reader = new WireReader(longRow);
        Assert.Equal("x"u8, fields.ReadLogTuple(longRow, ref reader)[1]);

        reader = new WireReader(shortRow);
        var row = fields.ReadLogTuple(shortRow, ref reader);

        Assert.True(row.IsNull(1));
        Assert.True(row[1].IsEmpty);
    }
}
