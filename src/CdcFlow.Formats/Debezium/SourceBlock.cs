using System.Globalization;
using System.Reflection;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium.Types;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Debezium;

/// <summary>An envelope's <c>source</c> for one table: what all connectors have, then this one's own members. One list gives both the schema and the values.</summary>
internal sealed class SourceBlock
{
    private const string PostgresConnector = "postgresql";

    private static readonly string version =
        typeof(SourceBlock).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private static readonly SourceMember[] general =
    [
        SourceMember.Text("version", _ => version),
        SourceMember.Text("connector", facts => facts.Origin.Connector),
        SourceMember.Text("name", facts => facts.ServerName),
        SourceMember.Number("ts_ms", facts => facts.UnixTicks / TimeSpan.TicksPerMillisecond, isOptional: false),
    ];

    private static readonly SourceMember database = SourceMember.Text("db", facts => facts.Origin.Database);

    private static readonly SourceMember sequence = new("sequence", new(ConnectType.String) { IsOptional = true }, AppendSequence) { Varies = true };

    private static readonly SourceMember[] finerTimes =
    [
        SourceMember.Number("ts_us", facts => facts.UnixTicks / TimeSpan.TicksPerMicrosecond),
        SourceMember.Number("ts_ns", facts => facts.UnixTicks * TimeSpan.NanosecondsPerTick),
    ];

    private static readonly SourceMember[] place = [SourceMember.Text("schema", facts => facts.Origin.Table.Schema), SourceMember.Text("table", facts => facts.Origin.Table.Name)];

    private static readonly SourceMember[] postgres =
    [
        SourceMember.Number("txId", facts => long.TryParse(facts.Origin.TransactionId, CultureInfo.InvariantCulture, out var id) ? id : null),
        SourceMember.Number("lsn", facts => (long)facts.Origin.Transaction),
        SourceMember.Number("xmin", _ => null),
    ];

    private static readonly SourceMember snapshot = Snapshot("true,first,first_in_data_collection,last_in_data_collection,last,false,incremental", facts => facts.IsSnapshot);

    // Flink CDC reads snapshots itself and says nothing of them here; `op` does.
    private static readonly SourceMember olderSnapshot = Snapshot("true,last,false,incremental", _ => false);

    private readonly List<(byte[] Before, SourceMember Member)> varying = [];
    private readonly ChangeOrigin origin;
    private readonly byte[] end;

    /// <summary>Encodes what all of the table's changes share.</summary>
    /// <param name="shape">Whose envelope it is.</param>
    /// <param name="connector">The kind of source whose own members it has.</param>
    /// <param name="facts">Any change of the table.</param>
    public SourceBlock(DebeziumShape shape, string connector, in SourceFacts facts)
    {
        origin = facts.Origin;
        using var text = new ByteBuffer();
        foreach (var member in Members(shape, connector))
        {
            text.Append(JsonMembers.Fragment(member.Name));
            if (member.Varies)
            {
                varying.Add((text.Written.ToArray(), member));
                text.Clear();
            }
            else
            {
                member.Append(text, facts);
            }
        }

        end = text.Written.ToArray();
    }

    /// <summary>The schema of the blocks of one kind of source.</summary>
    public static ConnectSchema SchemaOf(DebeziumShape shape, string connector) => new(ConnectType.Struct)
    {
        Name = $"io.debezium.connector.{connector}.Source",
        Version = shape == DebeziumShape.Debezium19 ? null : 1,
        Fields = [.. Members(shape, connector).Select(member => new ConnectField(member.Name, member.Schema))],
    };

    /// <summary>Whether changes of an origin share what this block has encoded.</summary>
    public bool Fits(ChangeOrigin other) =>
        origin.Table == other.Table && origin.Source == other.Source && origin.Connector == other.Connector && origin.Database == other.Database;

    public void Append(ByteBuffer output, in SourceFacts facts)
    {
        var start = output.Length;
        foreach (var (before, member) in varying)
        {
            output.Append(before);
            member.Append(output, facts);
        }

        output.Append(end);
        JsonMembers.Enclose(output, start, '{', '}');
    }

    private static SourceMember[] Members(DebeziumShape shape, string connector)
    {
        SourceMember[] own = connector == PostgresConnector ? postgres : [];
        return shape == DebeziumShape.Debezium19
            ? [.. general, olderSnapshot, database, sequence, .. place, .. own]
            : [.. general, snapshot, database, sequence, .. finerTimes, .. place, .. own];
    }

    private static SourceMember Snapshot(string allowed, Func<SourceFacts, bool> isSnapshot) => new(
        "snapshot",
        new(ConnectType.String) { IsOptional = true, Name = TextTypes.EnumName, Version = 1, Parameters = [("allowed", allowed)], Default = "false" },
        (output, facts) => output.Append(isSnapshot(facts) ? "\"true\""u8 : "\"false\""u8))
    { Varies = true };

    // The pair (last commit, this change) orders changes. Where the transaction before this one ended is not known here, as it is not to Debezium's first record.
    private static void AppendSequence(ByteBuffer output, SourceFacts facts)
    {
        if (facts.Origin.Connector != PostgresConnector)
        {
            output.Append("null"u8);
            return;
        }

        output.Append("\"[null,\\\""u8);
        output.AppendText(facts.Origin.Transaction);
        output.Append("\\\"]\""u8);
    }
}
