using CdcFlow.Rows;

namespace CdcFlow.Kafka.Sink.Oversize;

/// <summary>A row type's codec whose texts are cut on their way to any format's writer. Keys are whole.</summary>
internal readonly struct CuttingCodec<T, TCodec> : IRowCodec<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    // A codec has no state: what it cuts stands here for the length of one encoding, which is on one thread.
    [ThreadStatic]
    private static TextCut? cut;

    public static RowSchema Schema => TCodec.Schema;

    /// <summary>Says by what the rows are cut that this thread encodes; null when it is done.</summary>
    public static void Use(TextCut? texts) => cut = texts;

    public static T Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => TCodec.Read(ref reader);

    public static T ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => TCodec.ReadKey(ref reader);

    public static void Write<TWriter>(T row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        var cutting = new CuttingWriter<TWriter>(writer, row, cut!);
        TCodec.Write(row, ref cutting);
        writer = cutting.Inner;
    }

    public static void WriteKey<TWriter>(T row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => TCodec.WriteKey(row, ref writer);

    public static int KeyHash(T row) => TCodec.KeyHash(row);

    public static bool KeyEquals(T left, T right) => TCodec.KeyEquals(left, right);

    public static object Key(T row) => TCodec.Key(row);
}

/// <summary>Passes a row's columns on, texts cut.</summary>
internal ref struct CuttingWriter<TWriter>(TWriter inner, object row, TextCut cut) : IRowWriter
    where TWriter : struct, IRowWriter, allows ref struct
{
    private readonly object row = row;
    private readonly TextCut cut = cut;

    public TWriter Inner = inner;

    public void WriteNull(int column) => Inner.WriteNull(column);

    public void Write(int column, bool value) => Inner.Write(column, value);

    public void Write(int column, short value) => Inner.Write(column, value);

    public void Write(int column, int value) => Inner.Write(column, value);

    public void Write(int column, long value) => Inner.Write(column, value);

    public void Write(int column, float value) => Inner.Write(column, value);

    public void Write(int column, double value) => Inner.Write(column, value);

    public void Write(int column, decimal value) => Inner.Write(column, value);

    public void Write(int column, string value) => Inner.Write(column, cut.Cut(row, column, value));

    public void Write(int column, Guid value) => Inner.Write(column, value);

    public void Write(int column, DateTime value) => Inner.Write(column, value);

    public void Write(int column, DateTimeOffset value) => Inner.Write(column, value);

    public void Write(int column, DateOnly value) => Inner.Write(column, value);

    public void Write(int column, TimeOnly value) => Inner.Write(column, value);

    public void Write(int column, TimeSpan value) => Inner.Write(column, value);

    public void Write(int column, byte[] value) => Inner.Write(column, value);

    public void Write<TValue>(int column, TValue value) => Inner.Write(column, value);
}
