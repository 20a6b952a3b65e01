using System.Globalization;
using System.Text;
using CdcFlow.Rows;

namespace CdcFlow.Testing;

/// <summary>A row as text, column by column: equal texts are equal rows, whatever equality the row type has.</summary>
internal static class RowText
{
    /// <summary>The row's columns.</summary>
    public static string Of<T, TCodec>(T row)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var writer = new Writer(TCodec.Schema, new StringBuilder(TCodec.Schema.RowType).Append(" {"));
        TCodec.Write(row, ref writer);
        return writer.ToString();
    }

    private readonly struct Writer(RowSchema schema, StringBuilder text) : IRowWriter
    {
        public void WriteNull(int column) => Write(column, "null");

        public void Write(int column, bool value) => Append(column, value);

        public void Write(int column, short value) => Append(column, value);

        public void Write(int column, int value) => Append(column, value);

        public void Write(int column, long value) => Append(column, value);

        public void Write(int column, float value) => Append(column, value);

        public void Write(int column, double value) => Append(column, value);

        public void Write(int column, decimal value) => Append(column, value);

        public void Write(int column, string value) => Append(column, value);

        public void Write(int column, Guid value) => Append(column, value);

        public void Write(int column, DateTime value) => Append(column, value.ToString("O", CultureInfo.InvariantCulture));

        public void Write(int column, DateTimeOffset value) => Append(column, value.ToString("O", CultureInfo.InvariantCulture));

        public void Write(int column, DateOnly value) => Append(column, value.ToString("O", CultureInfo.InvariantCulture));

        public void Write(int column, TimeOnly value) => Append(column, value.ToString("O", CultureInfo.InvariantCulture));

        public void Write(int column, TimeSpan value) => Append(column, value);

        public void Write(int column, byte[] value) => Append(column, Convert.ToHexString(value));

        public void Write<TValue>(int column, TValue value) =>
            Append<object?>(column, value is System.Collections.IEnumerable items ? $"[{string.Join(", ", items.Cast<object?>())}]" : value);

        public override string ToString() => text + " }";

        private void Append<TValue>(int column, TValue value) =>
            text.Append(CultureInfo.InvariantCulture, $" {schema.Columns[column].Property} = {value}");
    }
}
