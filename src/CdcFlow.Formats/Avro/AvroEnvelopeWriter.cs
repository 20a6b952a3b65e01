using System.Text;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium.Envelope;

namespace CdcFlow.Formats.Avro;

/// <summary>Members as Avro has them: no names, and a union's branch before what could be null.</summary>
internal sealed class AvroEnvelopeWriter : IEnvelopeWriter
{
    private const int OneLetter = 1;

    public void Name(EnvelopeTemplate to, ReadOnlySpan<byte> name)
    {
    }

    public void Null(EnvelopeTemplate to, ConnectSchema schema) => AvroBinary.Append(to.Text, AvroFromConnect.NullBranchOf(schema));

    public void Text(EnvelopeTemplate to, ConnectSchema schema, ReadOnlySpan<char> value)
    {
        Present(to, schema);
        AvroBinary.Append(to.Text, value);
    }

    public void Number(EnvelopeTemplate to, ConnectSchema schema, long value)
    {
        Present(to, schema);
        AvroBinary.Append(to.Text, value);
    }

    public void Number(EnvelopeTemplate to, ConnectSchema schema, RowFact fact)
    {
        Present(to, schema);
        to.LeaveAvroNumber(fact);
    }

    public void Text(EnvelopeTemplate to, ConnectSchema schema, ReadOnlySpan<char> before, RowFact fact, ReadOnlySpan<char> after)
    {
        Present(to, schema);
        to.LeaveAvroLength(fact, Encoding.UTF8.GetByteCount(before) + Encoding.UTF8.GetByteCount(after));
        Encoding.UTF8.GetBytes(before, to.Text);
        to.LeaveDigits(fact);
        Encoding.UTF8.GetBytes(after, to.Text);
    }

    public int Begin(EnvelopeTemplate to, ConnectSchema schema)
    {
        Present(to, schema);
        return 0;
    }

    public void End(EnvelopeTemplate to, int begin)
    {
    }

    public void BeforeLetter(EnvelopeTemplate to) => AvroBinary.Append(to.Text, OneLetter);

    public void AfterLetter(EnvelopeTemplate to)
    {
    }

    private static void Present(EnvelopeTemplate to, ConnectSchema schema)
    {
        if (schema.IsOptional)
        {
            AvroBinary.Append(to.Text, 1 - AvroFromConnect.NullBranchOf(schema));
        }
    }
}
