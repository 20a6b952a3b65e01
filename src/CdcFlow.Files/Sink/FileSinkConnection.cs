using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Sink;

/// <summary>All file sinks under one folder.</summary>
/// <remarks>
/// There is nothing to fence: an older instance can only stage files that no checkpoint of the store names, since the store refuses its
/// checkpoints. The newest published name is the marker.
/// </remarks>
internal sealed class FileSinkConnection : ISinkConnection
{
    private readonly ConnectorContext context;
    private readonly string root;
    private readonly List<IFileSinkWriter> writers = [];
    private (CheckpointRef Checkpoint, ILookup<string, StagedFile> Files)? prepared;

    public FileSinkConnection(ConnectorContext context)
    {
        this.context = context;
        var text = context.ConnectionString is { } given && !string.IsNullOrWhiteSpace(given) ? given : throw FileErrors.NoFolder(context.Connection);
        root = FileFolder.Of(text) ?? throw FileErrors.NotAFolder($"ConnectionStrings:{context.Connection}");
    }

    public SinkKind Kind => SinkKind.Staged;

    public IEnumerable<string> KeepingSinks => writers.Select(writer => writer.Options.Name);

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var writer = new FileSinkWriter<T, TCodec>(FileSinkOptions.Resolve((FileSinkAttribute)attribute, name, root, settings), context);
        writers.Add(writer);
        return writer;
    }

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new PreflightReport($"sink {context.Connection}", [.. writers.Select(Check)]) { Places = [.. writers.Select(Place)] });

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext open, CancellationToken cancellationToken)
    {
        CheckpointRef? newest = null;
        foreach (var writer in writers)
        {
            writer.Open(open.Epoch);
            var marker = Guarded(writer, writer.Marker);
            newest = newest is null || (marker is { } found && (found.Epoch, found.Id).CompareTo((newest.Value.Epoch, newest.Value.Id)) > 0) ? marker : newest;
        }

        return ValueTask.FromResult(newest);
    }

    public void EndInput() => writers.ForEach(writer => writer.EndInput());

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        var staged = writers.SelectMany(writer => Guarded(writer, () => writer.Prepare(checkpoint))).ToList();
        prepared = (checkpoint, staged.ToLookup(file => file.Sink));
        return ValueTask.FromResult(FileCommittable.Write(staged));
    }

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        if (prepared is { } own && own.Checkpoint == permit.Checkpoint)
        {
            foreach (var writer in writers)
            {
                Guarded(writer, () => writer.CommitPrepared([.. own.Files[writer.Options.Name]]));
            }

            prepared = null;
            return ValueTask.CompletedTask;
        }

        foreach (var group in FileCommittable.Read(permit.Committable).GroupBy(file => file.Sink))
        {
            var writer = writers.Find(writer => writer.Options.Name == group.Key)
                ?? throw FileErrors.Unknown($"they belong to sink '{group.Key}', which the pipeline no longer has");
            Guarded(writer, () => writer.CommitLeftBehind([.. group]));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        writers.ForEach(writer => writer.Dispose());
        return ValueTask.CompletedTask;
    }

    // The names of files begin with their sink's, so that no sink touches another's.
    private ConnectorPlace Place(IFileSinkWriter writer)
    {
        var (sink, folder) = (writer.Options.Name, Path.TrimEndingDirectorySeparator(Path.GetFullPath(writer.Options.Folder)));
        return new ConnectorPlace($"file://{folder}", $"folder '{folder}'", sink, $"Set Folder of sink '{sink}' to another one: CdcFlow:{context.Pipeline}:Sinks:{sink}:Folder.")
        {
            Sharing = PlaceSharing.Warned,
        };
    }

    private PreflightCheck Check(IFileSinkWriter writer)
    {
        var name = $"folder of {writer.Options.Name}";
        try
        {
            return new PreflightCheck(name, PreflightStatus.Passed, Guarded(writer, new FolderProbe(context.Files, writer.Options).Try));
        }
        catch (CdcFlowException error)
        {
            return new PreflightCheck(name, PreflightStatus.Failed, error.Happened, error.Code, error.Fix);
        }
    }

    private static void Guarded(IFileSinkWriter writer, Action work) => Guarded(writer, () =>
    {
        work();
        return true;
    });

    private static TResult Guarded<TResult>(IFileSinkWriter writer, Func<TResult> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (FileErrors.Covers(error))
        {
            throw FileErrors.Of(error, writer.Options.Name, writer.Options.Folder);
        }
    }
}
