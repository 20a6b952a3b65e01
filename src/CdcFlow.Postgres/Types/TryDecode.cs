namespace CdcFlow.Postgres.Types;

/// <summary>Makes a value out of the server's text; false when <typeparamref name="T"/> cannot hold it.</summary>
internal delegate bool TryDecode<T>(ReadOnlySpan<byte> text, PostgresType type, out T value);
