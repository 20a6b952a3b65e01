using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>Spells what an envelope has beside its row images, in one encoding. Members are written in their schema's order.</summary>
internal interface IEnvelopeWriter
{
    /// <summary>Leads a member.</summary>
    void Name(EnvelopeTemplate to, ReadOnlySpan<byte> name);

    void Null(EnvelopeTemplate to, ConnectSchema schema);

    void Text(EnvelopeTemplate to, ConnectSchema schema, ReadOnlySpan<char> value);

    void Number(EnvelopeTemplate to, ConnectSchema schema, long value);

    /// <summary>A number that each change has of its own.</summary>
    void Number(EnvelopeTemplate to, ConnectSchema schema, RowFact fact);

    /// <summary>A text around the digits of a number that each change has of its own.</summary>
    void Text(EnvelopeTemplate to, ConnectSchema schema, ReadOnlySpan<char> before, RowFact fact, ReadOnlySpan<char> after);

    /// <summary>Begins a struct.</summary>
    /// <returns>What <see cref="End"/> wants to know.</returns>
    int Begin(EnvelopeTemplate to, ConnectSchema schema);

    void End(EnvelopeTemplate to, int begin);

    /// <summary>Stands before the operation's letter.</summary>
    void BeforeLetter(EnvelopeTemplate to);

    /// <summary>Stands after the operation's letter.</summary>
    void AfterLetter(EnvelopeTemplate to);
}
