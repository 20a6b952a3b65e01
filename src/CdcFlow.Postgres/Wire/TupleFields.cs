using System.Buffers.Binary;

namespace CdcFlow.Postgres.Wire;

/// <summary>Where the fields of the current row lie in its message. One object serves all rows of a reader.</summary>
internal sealed class TupleFields
{
    internal const int Null = -1;
    internal const int Unchanged = -2;

    internal int Count { get; private set; }

    internal bool HasUnchanged { get; private set; }

    internal int[] Starts { get; private set; } = new int[32];

    /// <summary>Lengths in bytes; <see cref="Null"/> and <see cref="Unchanged"/> have none.</summary>
    internal int[] Lengths { get; private set; } = new int[32];

    /// <summary>The sum of the lengths.</summary>
    internal int Bytes { get; private set; }

    /// <summary>A row of binary COPY: field count, then per field its length (-1 for NULL) and bytes.</summary>
    /// <returns>False for the trailer that ends the rows.</returns>
    internal bool ReadCopyTuple(ReadOnlySpan<byte> message, out TupleData row)
    {
        var reader = new WireReader(message);
        var count = reader.ReadInt16();
        if (count == -1)
        {
            row = default;
            return false;
        }

        Reset(count);
        ReadCopyFields(message, reader.Position);
        row = new TupleData(message, this);
        return true;
    }

    /// <summary>TupleData of pgoutput: column count, then per column a kind byte and, for values, length and bytes.</summary>
    internal TupleData ReadLogTuple(ReadOnlySpan<byte> message, scoped ref WireReader reader)
    {
        var count = reader.ReadInt16();
        Reset(count);
        for (var i = 0; i < count; i++)
        {
            switch (reader.ReadByte())
            {
                case (byte)'t':
                    var length = reader.ReadInt32();
                    Add(ref reader, i, length >= 0 ? length : throw new PostgresProtocolException($"A column of the log is {length} bytes long."));
                    break;
                case (byte)'n':
                    Lengths[i] = Null;
                    break;
                case (byte)'u':
                    Lengths[i] = Unchanged;
                    HasUnchanged = true;
                    break;
                case var kind:
                    throw new PostgresProtocolException($"A column of the log is of unknown kind {kind}.");
            }
        }

        return new TupleData(message, this);
    }

    // One loop over spans: it runs for every field of a snapshot.
    private void ReadCopyFields(ReadOnlySpan<byte> message, int position)
    {
        var starts = Starts.AsSpan(0, Count);
        var lengths = Lengths.AsSpan(0, Count);
        var bytes = 0;
        for (var i = 0; i < starts.Length; i++)
        {
            var length = (uint)(message.Length - position) >= sizeof(int)
                ? BinaryPrimitives.ReadInt32BigEndian(message[position..])
                : throw WireReader.EndsEarly(sizeof(int), message.Length - position);
            position += sizeof(int);
            starts[i] = position;
            lengths[i] = length;
            if (length != Null)
            {
                if ((uint)length > (uint)(message.Length - position))
                {
                    throw WireReader.EndsEarly(length, message.Length - position);
                }

                position += length;
                bytes += length;
            }
        }

        Bytes = bytes;
        if (position != message.Length)
        {
            throw new PostgresProtocolException($"A server message is {message.Length - position} bytes longer than its fields.");
        }
    }

    private void Reset(short count)
    {
        if (count < 0)
        {
            throw new PostgresProtocolException($"A row announces {count} columns.");
        }

        Count = count;
        Bytes = 0;
        HasUnchanged = false;
        if (Lengths.Length < count)
        {
            (Starts, Lengths) = (new int[count], new int[count]);
        }
    }

    private void Add(ref WireReader reader, int field, int length)
    {
        Lengths[field] = length;
        Starts[field] = reader.Position;
        Bytes += length;
        reader.ReadBytes(length);
    }
}
