using System.Text;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>Appends a member's value.</summary>
internal delegate void AppendMember(IEnvelopeWriter writer, EnvelopeTemplate to, ConnectSchema schema, SourceFacts facts);

/// <summary>One member of an envelope's <c>source</c>: its schema and its value.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Schema">What its values are.</param>
/// <param name="AppendValue">Appends the value.</param>
internal sealed record SourceMember(string Name, ConnectSchema Schema, AppendMember AppendValue)
{
    private readonly byte[] name = Encoding.UTF8.GetBytes(Name);

    /// <summary>Whether the value is the same for all of a table's transactions; it is encoded once then.</summary>
    public bool IsOfTable { get; init; }

    /// <summary>A text that all of a table's changes share.</summary>
    public static SourceMember Text(string name, Func<SourceFacts, string> value) =>
        new(name, new(ConnectType.String), (writer, to, schema, facts) => writer.Text(to, schema, value(facts))) { IsOfTable = true };

    public static SourceMember Number(string name, Func<SourceFacts, long?> value, bool isOptional = true) => new(
        name,
        new(ConnectType.Int64) { IsOptional = isOptional },
        (writer, to, schema, facts) =>
        {
            if (value(facts) is { } number)
            {
                writer.Number(to, schema, number);
            }
            else
            {
                writer.Null(to, schema);
            }
        });

    public void AppendName(IEnvelopeWriter writer, EnvelopeTemplate to) => writer.Name(to, name);

    public void Append(IEnvelopeWriter writer, EnvelopeTemplate to, in SourceFacts facts) => AppendValue(writer, to, Schema, facts);
}
