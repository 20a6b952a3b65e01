namespace CdcFlow.Postgres.Tests.Wire;

/// <summary>Sends what is written in two pieces, and does something between them.</summary>
internal sealed class PiecesStream(Stream inner) : Stream
{
    private readonly Random random = new(1);

    /// <summary>What is done between the pieces; null: everything goes out whole.</summary>
    internal Action? Between { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var cut = Between is null ? 0 : random.Next(buffer.Length);
        inner.Write(buffer[..cut]);
        Between?.Invoke();
        inner.Write(buffer[cut..]);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
