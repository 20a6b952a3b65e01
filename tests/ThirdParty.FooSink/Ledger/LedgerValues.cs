using CdcFlow.Rows;

namespace ThirdParty.FooSink.Ledger;

/// <summary>A row's columns as objects. A sink that speaks to a server writes them into its own buffer instead, and boxes none.</summary>
internal readonly struct LedgerValues(object?[] values) : IRowWriter
{
    public object?[] Values => values;

    public void WriteNull(int column) => values[column] = null;

    public void Write(int column, bool value) => values[column] = value;

    public void Write(int column, short value) => values[column] = value;

    public void Write(int column, int value) => values[column] = value;

    public void Write(int column, long value) => values[column] = value;

    public void Write(int column, float value) => values[column] = value;

    public void Write(int column, double value) => values[column] = value;

    public void Write(int column, decimal value) => values[column] = value;

    public void Write(int column, string value) => values[column] = value;

    public void Write(int column, Guid value) => values[column] = value;

    public void Write(int column, DateTime value) => values[column] = value;

    public void Write(int column, DateTimeOffset value) => values[column] = value;

    public void Write(int column, DateOnly value) => values[column] = value;

    public void Write(int column, TimeOnly value) => values[column] = value;

    public void Write(int column, TimeSpan value) => values[column] = value;

    public void Write(int column, byte[] value) => values[column] = value;

    public void Write<TValue>(int column, TValue value) => values[column] = value;
}
