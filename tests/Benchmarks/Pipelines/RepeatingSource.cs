using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sources;

namespace CdcFlow.Benchmarks.Pipelines;

/// <summary>Hands over the same rows again and again, so that nothing but the graph is measured.</summary>
[SourceCapabilities(Startup.Initial)]
public sealed class RepeatingSourceAttribute(string connection) : CdcSourceAttribute(connection)
{
    /// <inheritdoc/>
    public override ISourceConnector CreateConnector(ConnectorContext context) => new RepeatingSource();
}

/// <summary>One table; the rows come from <see cref="Rows"/>.</summary>
internal sealed class RepeatingSource : ISourceConnector
{
    private const int BatchRows = 1_024;
    private Func<long, ISourceReader>? open;

    /// <summary>How many rows each reader of this process hands over.</summary>
    internal static long Rows { get; set; }

    /// <summary>The row that is repeated.</summary>
    internal static object Row { get; set; } = "";

    public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T> =>
        open = rows => new Reader<T>((T)Row, rows);

    public ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken) => new(new PreflightReport("repeating source", []));

    public ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken) => new(open!(Rows));

    public ValueTask DisposeAsync() => default;

    private sealed record Nowhere : SourceState
    {
        public override void WriteTo(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 1);
            writer.WriteEndObject();
        }
    }

    private sealed class Reader<T>(T row, long rows) : ISourceReader
        where T : class
    {
        private readonly ChangeOrigin origin = new(new TableOrigin("bench", new TableId("", "rows")), new SourceTransaction(1));
        private readonly Nowhere state = new();
        private long delivered;

        public SourceProgress Progress => SourceProgress.None;

        public ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (delivered >= rows)
            {
                return new((SourceRound?)null);
            }

            var batch = new ChangeBatch<T>(BatchRows);
            for (var index = 0; index < BatchRows; index++)
            {
                batch.Add(Change<T>.Insert(row, new ChangeMetadata(origin, index, 0)));
            }

            delivered += BatchRows;
            return new(new SourceRound([new SourceElement(0, batch)], state));
        }

        public ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;
    }
}
