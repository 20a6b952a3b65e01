using CdcFlow.Rows;

namespace CdcFlow.Formats;

/// <summary>Hands the items of an array, whatever its type, to a row writer: each as its column 0.</summary>
internal static class ArrayItems
{
    /// <summary>The arrays that it takes.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(bool?[]), typeof(short?[]), typeof(int?[]), typeof(long?[]), typeof(float?[]), typeof(double?[]), typeof(decimal?[]), typeof(Guid?[]),
        typeof(DateTime?[]), typeof(DateTimeOffset?[]), typeof(DateOnly?[]), typeof(TimeOnly?[]), typeof(TimeSpan?[]),
        typeof(bool[]), typeof(short[]), typeof(int[]), typeof(long[]), typeof(float[]), typeof(double[]), typeof(decimal[]), typeof(Guid[]),
        typeof(DateTime[]), typeof(DateTimeOffset[]), typeof(DateOnly[]), typeof(TimeOnly[]), typeof(TimeSpan[]), typeof(string[]), typeof(byte[][]),
    ];

    /// <returns>Whether the value is an array of scalars.</returns>
    public static bool TryWrite<TValue, TWriter>(TValue value, ref TWriter writer)
        where TWriter : struct, IRowWriter
    {
        // The runtime takes an array of unsigned numbers for one of signed ones, which would print other numbers.
        if (typeof(TValue) == typeof(sbyte[]) || typeof(TValue) == typeof(ushort[]) || typeof(TValue) == typeof(uint[]) || typeof(TValue) == typeof(ulong[]))
        {
            return false;
        }

        // A switch over known types rather than reflection over the element type: it survives trimming and native compilation.
        switch ((object?)value)
        {
            case bool?[] items: Nullables(items, ref writer); return true;
            case short?[] items: Nullables(items, ref writer); return true;
            case int?[] items: Nullables(items, ref writer); return true;
            case long?[] items: Nullables(items, ref writer); return true;
            case float?[] items: Nullables(items, ref writer); return true;
            case double?[] items: Nullables(items, ref writer); return true;
            case decimal?[] items: Nullables(items, ref writer); return true;
            case Guid?[] items: Nullables(items, ref writer); return true;
            case DateTime?[] items: Nullables(items, ref writer); return true;
            case DateTimeOffset?[] items: Nullables(items, ref writer); return true;
            case DateOnly?[] items: Nullables(items, ref writer); return true;
            case TimeOnly?[] items: Nullables(items, ref writer); return true;
            case TimeSpan?[] items: Nullables(items, ref writer); return true;
            case bool[] items: Values(items, ref writer); return true;
            case short[] items: Values(items, ref writer); return true;
            case int[] items: Values(items, ref writer); return true;
            case long[] items: Values(items, ref writer); return true;
            case float[] items: Values(items, ref writer); return true;
            case double[] items: Values(items, ref writer); return true;
            case decimal[] items: Values(items, ref writer); return true;
            case Guid[] items: Values(items, ref writer); return true;
            case DateTime[] items: Values(items, ref writer); return true;
            case DateTimeOffset[] items: Values(items, ref writer); return true;
            case DateOnly[] items: Values(items, ref writer); return true;
            case TimeOnly[] items: Values(items, ref writer); return true;
            case TimeSpan[] items: Values(items, ref writer); return true;
            case string?[] items: Values(items, ref writer); return true;
            case byte[]?[] items: Values(items, ref writer); return true;
            default: return false;
        }
    }

    private static void Values<TItem, TWriter>(TItem[] items, ref TWriter writer)
        where TWriter : struct, IRowWriter
    {
        foreach (var item in items)
        {
            Write(item, ref writer);
        }
    }

    private static void Nullables<TItem, TWriter>(TItem?[] items, ref TWriter writer)
        where TItem : struct
        where TWriter : struct, IRowWriter
    {
        foreach (var item in items)
        {
            if (item is { } present)
            {
                Write(present, ref writer);
            }
            else
            {
                writer.WriteNull(0);
            }
        }
    }

    // Resolved when the method is compiled for an item type: what remains is one call.
    private static void Write<TItem, TWriter>(TItem item, ref TWriter writer)
        where TWriter : struct, IRowWriter
    {
        switch (item)
        {
            case null: writer.WriteNull(0); break;
            case bool value: writer.Write(0, value); break;
            case short value: writer.Write(0, value); break;
            case int value: writer.Write(0, value); break;
            case long value: writer.Write(0, value); break;
            case float value: writer.Write(0, value); break;
            case double value: writer.Write(0, value); break;
            case decimal value: writer.Write(0, value); break;
            case Guid value: writer.Write(0, value); break;
            case DateTime value: writer.Write(0, value); break;
            case DateTimeOffset value: writer.Write(0, value); break;
            case DateOnly value: writer.Write(0, value); break;
            case TimeOnly value: writer.Write(0, value); break;
            case TimeSpan value: writer.Write(0, value); break;
            case string value: writer.Write(0, value); break;
            case byte[] value: writer.Write(0, value); break;
            default: writer.Write(0, item); break;
        }
    }
}
