using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Sink.Tests;

[Table("readings", Schema = "public")]
public sealed record Reading([property: Key] long Id, string Text);

[Table("numbers", Schema = "public")]
public sealed record Number([property: Key] long Id, int Value);

internal readonly struct ReadingCodec : IRowCodec<Reading>
{
    public static RowSchema Schema { get; } = new(
        "Reading", "readings", "public", new ColumnDescriptor("id", "Id", typeof(long), false, true), new ColumnDescriptor("text", "Text", typeof(string), false, false));

    public static Reading Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt64(0), reader.GetString(1));

    public static Reading ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt64(0), "");

    public static void Write<TWriter>(Reading row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Id);
        writer.Write(1, row.Text);
    }

    public static void WriteKey<TWriter>(Reading row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => writer.Write(0, row.Id);

    public static int KeyHash(Reading row) => StableHash.Of(row.Id);

    public static bool KeyEquals(Reading left, Reading right) => left.Id == right.Id;

    public static object Key(Reading row) => row.Id;
}

/// <summary>Sets aside what is no number.</summary>
[CdcPipeline("rejecting")]
public sealed partial class RejectingPipeline
{
    [PostgresSource("shop")]
    public partial Changes<Reading> Readings { get; }

    [Transform(From = nameof(Readings), OnError = OnError.DeadLetter)]
    [PostgresSink("warehouse")]
    public static Number Parse(Reading reading) => new(reading.Id, int.Parse(reading.Text, System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Runs the pipeline on one database, each time until it has caught up.</summary>
internal sealed class Rejecting(TestDatabase database, IBarrierGate? gate = null) : IConnectorResolver, IConnectorLog
{
    private readonly InMemoryCheckpointStore store = new("rejecting", TimeProvider.System);

    public Task RunAsync() => Runner().RunAsync(TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<PreflightCheck>> CheckAsync() =>
        [.. (await Runner().PreflightAsync(TestContext.Current.CancellationToken)).SelectMany(report => report.Checks)];

    public Task<IReadOnlyList<ConnectionRejects>> ListAsync(int max = 100) => Runner().RejectsAsync(max, TestContext.Current.CancellationToken);

    public ISourceConnector Source(CdcSourceAttribute attribute)
    {
        ((PostgresSourceAttribute)attribute).Slot = database.Name;
        return attribute.CreateConnector(Context("shop", database.Server.SocketConnectionString(PostgresRole.Superuser, database.Name)));
    }

    public ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings) => attribute.CreateConnection(Context("warehouse", database.ConnectionString));

    public void Information(string message)
    {
    }

    public void Warning(string code, string message)
    {
    }

    private PipelineRunner Runner() => new(
        PipelineDefinition.Of<RejectingPipeline>(new NoServices()),
        new PipelineServices { Connectors = this, Store = store, Barriers = gate },
        new PipelineOptions
        {
            Boundedness = Boundedness.UntilCaughtUp,
            Restart = new RestartOptions { RestartsMax = 3, BackoffMin = TimeSpan.FromMilliseconds(1), BackoffMax = TimeSpan.FromMilliseconds(1) },
        });

    private ConnectorContext Context(string connection, string text) => new("rejecting", connection, text, ConnectorSettings.None, TimeProvider.System, null!, this);

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}

/// <summary>Ends the sink's session at the first barrier that reaches it: what was written and rejected before is not committed.</summary>
internal sealed class EndingOnce(TestDatabase database) : IBarrierGate
{
    /// <summary>Whether it was done.</summary>
    public bool HasEnded { get; private set; }

    public async ValueTask PassAsync(string nodeId, CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        if (nodeId == "warehouse" && !HasEnded)
        {
            HasEnded = true;
            await database.ExecuteAsync(
                "SELECT pg_terminate_backend(pid, 60000) FROM cdcflow_checkpoint JOIN pg_stat_activity ON pid = session_pid AND backend_start = session_start");
        }
    }
}
