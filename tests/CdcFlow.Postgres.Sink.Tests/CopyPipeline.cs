using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A pipeline that reads tables of a database and writes to tables of the same one: run as often as one likes, each time until it has caught up.</summary>
internal sealed class CopyPipeline(TestDatabase database, params (string Name, Action<PostgresSinkAttribute> Configure)[] sinks) : IConnectorResolver
{
    private readonly InMemoryCheckpointStore store = new("copy", TimeProvider.System);

    /// <summary>A second table whose rows come to the same sinks; null for none.</summary>
    public string? Second { get; init; }

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Copies a table to every sink.</summary>
    public Task RunAsync<T, TCodec>(ResnapshotRequest? resnapshot = null)
        where T : class
        where TCodec : struct, IRowCodec<T> => Runner<T, TCodec>(resnapshot).RunAsync(CancellationToken);

    /// <summary>What <c>validate</c> finds.</summary>
    public async Task<IReadOnlyList<PreflightCheck>> ProblemsAsync<T, TCodec>()
        where T : class
        where TCodec : struct, IRowCodec<T> =>
        [.. (await Runner<T, TCodec>(null).PreflightAsync(CancellationToken)).SelectMany(report => report.Checks).Where(check => check.Code?.StartsWith("CDCF4014", StringComparison.Ordinal) == false)];

    public ISourceConnector Source(CdcSourceAttribute attribute) =>
        attribute.CreateConnector(Context("shop", database.Server.SocketConnectionString(PostgresRole.Superuser, database.Name)));

    public ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings) => attribute.CreateConnection(Context("warehouse", database.ConnectionString));

    private static ConnectorContext Context(string connection, string text) =>
        new("copy", connection, text, ConnectorSettings.None, TimeProvider.System, null!, new NoLog());

    private PipelineRunner Runner<T, TCodec>(ResnapshotRequest? resnapshot)
        where T : class
        where TCodec : struct, IRowCodec<T> => new(
        new PipelineDefinition(new PipelineGraph("copy", Delivery.ExactlyOnce, [], []), builder =>
        {
            var rows = builder.Source<T, TCodec>("Rows", new PostgresSourceAttribute("shop") { Slot = database.Name });
            if (Second is { } table)
            {
                rows = builder.Merge("Both", rows, builder.Source<T, TCodec>("Second", new PostgresSourceAttribute("shop") { Slot = database.Name, Table = table }));
            }

            foreach (var (name, configure) in sinks)
            {
                var attribute = new PostgresSinkAttribute("warehouse") { Name = name };
                configure(attribute);
                builder.Sink<T, TCodec>(name, rows, attribute);
            }
        }),
        new PipelineServices { Connectors = this, Store = store },
        new PipelineOptions { Boundedness = Boundedness.UntilCaughtUp, Restart = new RestartOptions { RestartsMax = 0 }, Resnapshot = resnapshot });

    private sealed class NoLog : IConnectorLog
    {
        public void Information(string message)
        {
        }

        public void Warning(string code, string message)
        {
        }
    }
}
