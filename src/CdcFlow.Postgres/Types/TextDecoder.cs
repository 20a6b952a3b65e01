namespace CdcFlow.Postgres.Types;

/// <summary>Decodes columns into one CLR type from the server's text.</summary>
internal interface ITextDecoder
{
    /// <summary>Whether a column of this type can be read.</summary>
    bool Accepts(PostgresType type);
}

/// <inheritdoc cref="ITextDecoder"/>
internal sealed class TextDecoder<T>(Func<PostgresType, bool> accepts, TryDecode<T> decode) : ITextDecoder
{
    internal TryDecode<T> Decode { get; } = decode;

    public bool Accepts(PostgresType type) => accepts(type);
}
