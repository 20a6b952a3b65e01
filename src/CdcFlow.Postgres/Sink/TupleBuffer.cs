using System.Buffers.Binary;
using System.Security.Cryptography;
using CdcFlow.Formats;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Rows' columns, encoded as fields of <c>COPY</c> tuples.</summary>
internal sealed class TupleBuffer<T, TCodec> : IDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private const int LengthBytes = sizeof(int);
    private const int FixedFields = 2; // kind and place

    private readonly ByteBuffer bytes = new(64 * 1024);
    private readonly ByteBuffer scratch = new(1024);

    private static int Columns => TCodec.Schema.Columns.Count;

    public int Bytes => bytes.Length;

    /// <inheritdoc cref="TargetBinding.Zoned"/>
    public bool[]? Zoned { get; set; }

    /// <summary>Encodes a change's new row; where it has none, its old one.</summary>
    /// <param name="change">The change.</param>
    /// <param name="audit">What else to keep of it.</param>
    public Range Encode(in Change<T> change, AuditColumns? audit = null)
    {
        var start = bytes.Length;
        if (change.After is { } after)
        {
            Encode(after, change.Missing, bytes);
        }
        else if (change.Before is { } before && TCodec.Schema.KeyColumns.Count == 0)
        {
            Encode(before, null, bytes);
        }
        else
        {
            EncodeKey(change.Before, bytes);
        }

        audit?.Append(bytes, change.Operation, change.Metadata, change.Missing);
        return start..bytes.Length;
    }

    /// <summary>The columns of <paramref name="later"/>, and in the place of those that it lacks the ones of <paramref name="earlier"/>.</summary>
    public Range Combine(Range later, ColumnSet lacking, Range earlier)
    {
        scratch.Clear();
        ReadOnlySpan<byte> carried = bytes.Written[later], kept = bytes.Written[earlier];
        for (var column = 0; column < Columns; column++)
        {
            var (ofLater, ofEarlier) = (FieldLength(carried), FieldLength(kept));
            scratch.Append(lacking.Contains(column) ? kept[..ofEarlier] : carried[..ofLater]);
            carried = carried[ofLater..];
            kept = kept[ofEarlier..];
        }

        var start = bytes.Length;
        bytes.Append(scratch.Written);
        return start..bytes.Length;
    }

    /// <summary>Whether <paramref name="row"/> has the values of a waiting row, as far as that one has them.</summary>
    public bool IsSame(T row, in PendingRow<T> waiting) => IsSame(row, bytes.Written[waiting.Fields], waiting.Lacking);

    /// <summary>The same of fields that were copied.</summary>
    public bool IsSame(T row, ReadOnlySpan<byte> fields, ColumnSet? lacked)
    {
        scratch.Clear();
        Encode(row, null, scratch);
        ReadOnlySpan<byte> left = scratch.Written, right = fields;
        for (var column = 0; column < Columns; column++)
        {
            var (ofLeft, ofRight) = (FieldLength(left), FieldLength(right));
            if (lacked?.Contains(column) != true && !left[..ofLeft].SequenceEqual(right[..ofRight]))
            {
                return false;
            }

            left = left[ofLeft..];
            right = right[ofRight..];
        }

        return true;
    }

    /// <summary>A hash of a waiting row's values.</summary>
    public UInt128 HashOf(in PendingRow<T> waiting) => Hash(bytes.Written[waiting.Fields]);

    /// <summary>A hash of a row's values, without those that the row to compare with lacks.</summary>
    public UInt128 HashOf(T row, ColumnSet? lacked)
    {
        scratch.Clear();
        Encode(row, lacked, scratch);
        return Hash(scratch.Written);
    }

    /// <summary>A hash of a row's key: the same for keys that are equal.</summary>
    public UInt128 HashOfKey(T row)
    {
        const int scale = LengthBytes + (3 * sizeof(short));
        scratch.Clear();
        var writer = CopyRowWriter.OfKey(scratch, Zoned);
        TCodec.WriteKey(row, ref writer);
        var rest = scratch.WrittenForUpdate;
        foreach (var column in TCodec.Schema.KeyColumns)
        {
            var length = FieldLength(rest);
            if (length > LengthBytes && TCodec.Schema.Columns[column].ClrType == typeof(decimal))
            {
                rest.Slice(scale, sizeof(short)).Clear(); // 1.0 is 1.00
            }

            rest = rest[length..];
        }

        return Hash(scratch.Written);
    }

    /// <summary>A waiting row's fields, to be kept for longer than it waits.</summary>
    public byte[] Copy(in PendingRow<T> waiting) => bytes.Written[waiting.Fields].ToArray();

    /// <summary>The fields of a row that does not wait.</summary>
    public byte[] Copy(T row, ColumnSet? lacking)
    {
        scratch.Clear();
        Encode(row, lacking, scratch);
        return scratch.Written.ToArray();
    }

    /// <summary>Fields that were copied, as those of a row that waits.</summary>
    public Range Append(ReadOnlySpan<byte> fields)
    {
        var start = bytes.Length;
        bytes.Append(fields);
        return start..bytes.Length;
    }

    /// <summary>Writes a whole tuple: kind, place, the key to find the row under, and the columns.</summary>
    public void Write(in StagedRow<T> row, int place, bool isAppend, ByteBuffer output)
    {
        var more = isAppend ? AuditColumns.Count : TCodec.Schema.KeyColumns.Count;
        CopyValue.Int16(output, (short)(FixedFields + Columns + more));
        CopyValue.Append(output, row.Kind);
        CopyValue.Append(output, place);
        if (!isAppend)
        {
            WriteCarriedFrom(row, output);
        }

        if (row.Kind == RowKind.Delete)
        {
            EncodeKey(row.Row, output);
        }
        else
        {
            output.Append(bytes.Written[row.Pending.Fields]);
        }
    }

    public void Clear() => bytes.Clear();

    public void Dispose()
    {
        bytes.Dispose();
        scratch.Dispose();
    }

    private static UInt128 Hash(ReadOnlySpan<byte> fields)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(fields, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static int FieldLength(ReadOnlySpan<byte> fields) => LengthBytes + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(fields));

    private void Encode(T row, ColumnSet? lacking, ByteBuffer output)
    {
        var writer = new CopyRowWriter(output, Columns, lacking, Zoned);
        TCodec.Write(row, ref writer);
        writer.EndRow();
    }

    private void EncodeKey(T? row, ByteBuffer output)
    {
        var writer = new CopyRowWriter(output, Columns, unchanged: null, Zoned);
        if (row is not null)
        {
            TCodec.WriteKey(row, ref writer);
        }

        writer.EndRow();
    }

    private void WriteCarriedFrom(in StagedRow<T> row, ByteBuffer output)
    {
        if (row.Pending.CarriedFrom is not { } from)
        {
            for (var column = 0; column < TCodec.Schema.KeyColumns.Count; column++)
            {
                CopyValue.Null(output);
            }

            return;
        }

        var writer = CopyRowWriter.OfKey(output, Zoned);
        TCodec.WriteKey(from, ref writer);
    }
}
