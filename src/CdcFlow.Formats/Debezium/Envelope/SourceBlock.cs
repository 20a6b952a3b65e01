using System.Globalization;
using System.Reflection;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium.Types;

namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>An envelope's <c>source</c> for one table: what all connectors have, then this one's own members. One list gives both the schema and the values.</summary>
internal sealed class SourceBlock
{
    /// <summary>The connector that has members of its own.</summary>
    public const string Postgres = "postgresql";

    private const int LongestSequence = 32;

    private static readonly string version =
        typeof(SourceBlock).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private static readonly SourceMember[] general =
    [
        SourceMember.Text("version", _ => version),
        SourceMember.Text("connector", facts => facts.Origin.Table.Connector),
        SourceMember.Text("name", facts => facts.ServerName),
        SourceMember.Number("ts_ms", facts => facts.UnixTicks / TimeSpan.TicksPerMillisecond, isOptional: false),
    ];

    private static readonly SourceMember database = SourceMember.Text("db", facts => facts.Origin.Table.Database);

    private static readonly SourceMember sequence = new("sequence", new(ConnectType.String) { IsOptional = true }, AppendSequence);

    private static readonly SourceMember[] finerTimes =
    [
        SourceMember.Number("ts_us", facts => facts.UnixTicks / TimeSpan.TicksPerMicrosecond),
        SourceMember.Number("ts_ns", facts => SourceFacts.Nanoseconds(facts.UnixTicks)),
    ];

    private static readonly SourceMember[] place = [SourceMember.Text("schema", facts => facts.Origin.Table.Id.Schema), SourceMember.Text("table", facts => facts.Origin.Table.Id.Name)];

    private static readonly SourceMember[] postgres =
    [
        SourceMember.Number("txId", facts => long.TryParse(facts.Origin.Transaction.Name, CultureInfo.InvariantCulture, out var id) ? id : null),
        new("lsn", new(ConnectType.Int64) { IsOptional = true }, (writer, to, schema, _) => writer.Number(to, schema, RowFact.LogAddress)),
        SourceMember.Number("xmin", _ => null),
    ];

    private static readonly SourceMember snapshot = Snapshot("true,first,first_in_data_collection,last_in_data_collection,last,false,incremental", facts => facts.IsSnapshot);

    // Flink CDC reads snapshots itself and says nothing of them here; `op` does.
    private static readonly SourceMember olderSnapshot = Snapshot("true,last,false,incremental", _ => false);

    private readonly IEnvelopeWriter writer;
    private readonly List<(byte[] Before, SourceMember Member)> varying = [];
    private readonly ChangeOrigin origin;
    private readonly byte[] end;

    /// <summary>Encodes what all of the table's changes share.</summary>
    /// <param name="writer">How members are spelled.</param>
    /// <param name="shape">Whose envelope it is.</param>
    /// <param name="connector">The kind of source whose own members it has.</param>
    /// <param name="facts">Any change of the table.</param>
    public SourceBlock(IEnvelopeWriter writer, DebeziumShape shape, string connector, in SourceFacts facts)
    {
        this.writer = writer;
        origin = facts.Origin;
        using var shared = new EnvelopeTemplate();
        foreach (var member in Members(shape, connector))
        {
            member.AppendName(writer, shared);
            if (member.IsOfTable)
            {
                member.Append(writer, shared, facts);
            }
            else
            {
                varying.Add((shared.Text.Written.ToArray(), member));
                shared.Clear();
            }
        }

        end = shared.Text.Written.ToArray();
    }

    /// <summary>The schema of the blocks of one kind of source.</summary>
    public static ConnectSchema SchemaOf(DebeziumShape shape, string connector) => new(ConnectType.Struct)
    {
        Name = $"io.debezium.connector.{connector}.Source",
        Version = shape == DebeziumShape.Debezium19 ? null : 1,
        Fields = [.. Members(shape, connector).Select(member => new ConnectField(member.Name, member.Schema))],
    };

    /// <summary>Whether changes of an origin share what this block has encoded.</summary>
    public bool Fits(ChangeOrigin other) => SourceFacts.AreOfOneTable(origin, other);

    /// <summary>Appends the members' values for one transaction.</summary>
    public void Append(EnvelopeTemplate to, in SourceFacts facts)
    {
        foreach (var (before, member) in varying)
        {
            to.Text.Append(before);
            member.Append(writer, to, facts);
        }

        to.Text.Append(end);
    }

    private static SourceMember[] Members(DebeziumShape shape, string connector)
    {
        SourceMember[] own = connector == Postgres ? postgres : [];
        return shape == DebeziumShape.Debezium19
            ? [.. general, olderSnapshot, database, sequence, .. place, .. own]
            : [.. general, snapshot, database, sequence, .. finerTimes, .. place, .. own];
    }

    private static SourceMember Snapshot(string allowed, Func<SourceFacts, bool> isSnapshot) => new(
        "snapshot",
        new(ConnectType.String) { IsOptional = true, Name = TextTypes.EnumName, Version = 1, Parameters = [("allowed", allowed)], Default = "false" },
        (writer, to, schema, facts) => writer.Text(to, schema, isSnapshot(facts) ? "true" : "false"));

    // The pair (where the transaction before this one ended, where this change's record lies) orders changes.
    private static void AppendSequence(IEnvelopeWriter writer, EnvelopeTemplate to, ConnectSchema schema, SourceFacts facts)
    {
        if (facts.Origin.Table.Connector != Postgres)
        {
            writer.Null(to, schema);
            return;
        }

        Span<char> before = stackalloc char[LongestSequence];
        var length = 0;
        _ = facts.Origin.Transaction.PrecedingCommit is { } preceding
            ? before.TryWrite(CultureInfo.InvariantCulture, $"[\"{preceding}\",\"", out length)
            : before.TryWrite(CultureInfo.InvariantCulture, $"[null,\"", out length);
        writer.Text(to, schema, before[..length], RowFact.LogAddress, "\"]");
    }
}
