using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>Members as JSON has them, each led by a comma.</summary>
internal sealed class JsonEnvelopeWriter : IEnvelopeWriter
{
    public void Name(EnvelopeTemplate to, ReadOnlySpan<byte> name)
    {
        to.Text.Append(",\""u8);
        to.Text.Append(name);
        to.Text.Append("\":"u8);
    }

    public void Null(EnvelopeTemplate to, ConnectSchema schema) => to.Text.Append("null"u8);

    public void Text(EnvelopeTemplate to, ConnectSchema schema, ReadOnlySpan<char> value) => ConnectText.Append(to.Text, value);

    public void Number(EnvelopeTemplate to, ConnectSchema schema, long value) => to.Text.AppendText(value);

    public void Number(EnvelopeTemplate to, ConnectSchema schema, RowFact fact) => to.LeaveDigits(fact);

    public void Text(EnvelopeTemplate to, ConnectSchema schema, ReadOnlySpan<char> before, RowFact fact, ReadOnlySpan<char> after)
    {
        to.Text.Append((byte)'"');
        ConnectText.AppendUnquoted(to.Text, before);
        to.LeaveDigits(fact);
        ConnectText.AppendUnquoted(to.Text, after);
        to.Text.Append((byte)'"');
    }

    public int Begin(EnvelopeTemplate to, ConnectSchema schema) => to.Text.Length;

    public void End(EnvelopeTemplate to, int begin) => JsonMembers.Enclose(to.Text, begin, '{', '}');

    public void BeforeLetter(EnvelopeTemplate to) => to.Text.Append((byte)'"');

    public void AfterLetter(EnvelopeTemplate to) => to.Text.Append((byte)'"');
}
