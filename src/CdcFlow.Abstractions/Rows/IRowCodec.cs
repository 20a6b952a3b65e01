namespace CdcFlow.Rows;

/// <summary>How rows of one type are read from a connector and written to one. Generated, one per row type; may be written by hand.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <remarks>Implement as an empty <c>readonly struct</c>: connectors are generic over it, so every call is direct.</remarks>
public interface IRowCodec<T>
    where T : class
{
    /// <summary>The row type's columns that are in use: those that a connector reads and writes. A generated codec leaves out what nothing in its pipeline looks at.</summary>
    static abstract RowSchema Schema { get; }

    /// <summary>Makes a row out of all columns in use. An unchanged column leaves its property at its default.</summary>
    static abstract T Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct;

    /// <summary>Makes a row that holds only the key columns; every other property has its default.</summary>
    static abstract T ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct;

    /// <summary>Writes all columns in use in order.</summary>
    static abstract void Write<TWriter>(T row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct;

    /// <summary>Writes the key columns in order, by their index in the schema.</summary>
    static abstract void WriteKey<TWriter>(T row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct;

    /// <summary>A hash of the key, the same in every process and on every machine; 0 for a keyless row type.</summary>
    static abstract int KeyHash(T row);

    /// <summary>Whether two rows have the same key; for a keyless row type, whether they are the same object.</summary>
    static abstract bool KeyEquals(T left, T right);

    /// <summary>The key as one value: the property's, or a value tuple of them. Boxes; for tests and messages, not for the hot path.</summary>
    static abstract object Key(T row);
}
