using System.Text.Json;
using CdcFlow.Configuration;
using CdcFlow.IO;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Files.Tests.Conformance;

/// <summary>A folder of JSON lines.</summary>
internal sealed class FileSinkTarget(
    IFileSystem files, string folder, Action<FileSinkAttribute>? configure = null, Action? kill = null, Action? dispose = null) : ISinkTarget
{
    public ISinkConnection Connect() => new FileSinkAttribute("out").CreateConnection(Context(files, folder));

    public SinkAttribute Sink(string name)
    {
        var attribute = new FileSinkAttribute("out") { Name = name };
        configure?.Invoke(attribute);
        return attribute;
    }

    public ValueTask<IReadOnlyList<object?[]>> ReadAsync(string sink, RowSchema schema, CancellationToken cancellationToken) =>
        ValueTask.FromResult(JsonLinesFold.Fold(Lines(sink), schema));

    public ValueTask<long?> CountChangesAsync(string sink, CancellationToken cancellationToken) => ValueTask.FromResult<long?>(Lines(sink).Count());

    public ValueTask KillAsync(ISinkConnection connection)
    {
        kill?.Invoke();
        return connection.DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        dispose?.Invoke();
        return ValueTask.CompletedTask;
    }

    internal static ConnectorContext Context(IFileSystem files, string folder, TimeProvider? time = null, IConnectorLog? log = null) => new(
        SinkConformance.Pipeline, "out", folder, ConnectorSettings.None, time ?? TimeProvider.System, files, log ?? new NoLog());

    private IEnumerable<JsonElement> Lines(string sink)
    {
        var path = Path.Combine(folder, sink);
        var published = files.ListFiles(path).Where(name => name.EndsWith(".jsonl", StringComparison.Ordinal));
        return JsonLinesFold.Lines(published.Select(name => files.ReadAllBytes(Path.Combine(path, name))));
    }

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
