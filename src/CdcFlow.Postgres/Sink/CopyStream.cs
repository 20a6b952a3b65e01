using CdcFlow.Formats;

namespace CdcFlow.Postgres.Sink;

/// <summary>The frame of a binary <c>COPY</c>.</summary>
internal static class CopyStream
{
    private const short EndOfTuples = -1;

    public static void Begin(ByteBuffer output)
    {
        output.Append("PGCOPY\n"u8);
        output.Append([0xFF, (byte)'\r', (byte)'\n', 0]);
        CopyValue.Int32(output, 0); // flags
        CopyValue.Int32(output, 0); // length of the header's extension
    }

    public static void End(ByteBuffer output) => CopyValue.Int16(output, EndOfTuples);
}
