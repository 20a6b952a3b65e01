using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Sink;

/// <summary>All file sinks under one folder.</summary>
/// <remarks>
/// There is nothing to fence: an older instance can only stage files that no checkpoint of the store names, since the store refuses its
/// checkpoints. Of a copy of the store it is told by <see cref="FolderOwners"/>, which say whose the folders are. The newest published name is the marker.
/// </remarks>
internal sealed class FileSinkConnection : ISinkConnection, ISinkRejects
{
    private readonly ConnectorContext context;
    private readonly string root;
    private readonly List<FileOutput> sinks = [];
    private readonly Dictionary<string, FileRejects> rejects = new(StringComparer.Ordinal);
    private readonly List<IDisposable> writers = [];
    private readonly FolderOwners owners;
    private IRejectCount rejectCount = IRejectCount.None;
    private SinkOpenContext? opened;
    private (CheckpointRef Checkpoint, ILookup<string, StagedFile> Files)? prepared;

    public FileSinkConnection(ConnectorContext context)
    {
        this.context = context;
        var text = context.ConnectionString is { } given && !string.IsNullOrWhiteSpace(given) ? given : throw FileErrors.NoFolder(context.Connection);
        root = FileFolder.Of(text) ?? throw FileErrors.NotAFolder($"ConnectionStrings:{context.Connection}");
        owners = new FolderOwners(context, root);
    }

    public SinkKind Kind => SinkKind.Staged;

    public ISinkRejects Rejects => this;

    public IEnumerable<string> KeepingSinks => sinks.Select(sink => sink.Options.Name);

    // What was rejected before a setting was taken away has to be published all the same.
    private IEnumerable<FileOutput> Outputs => [.. sinks, .. rejects.Values.Select(reject => reject.Output)];

    public SinkContent? ContentOf(string sink) => new(sinks.Find(output => output.Options.Name == sink)!.Options.Content);

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var options = FileSinkOptions.Resolve((FileSinkAttribute)attribute, name, root, settings);
        owners.Add(options);
        rejects.Add(name, new FileRejects(options, context));
        var writer = new FileSinkWriter<T, TCodec>(options, context, rejects[name], () => rejectCount);
        writers.Add(writer);
        sinks.Add(writer.Output);
        return writer;
    }

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new PreflightReport($"sink {context.Connection}", [.. sinks.Concat(rejects.Values.Where(reject => reject.IsRequired).Select(reject => reject.Output)).Select(Check)]) { Places = [.. sinks.Select(Place)] });

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken)
    {
        var found = owners.Read();
        var published = Published(found?.Before);

        // Version 0.1 left nothing but its files.
        return ValueTask.FromResult(found is not null ? found with { Checkpoint = published } : published is { } last ? new SinkMarker(Store: null, last.Epoch, last) : null);
    }

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext open, CancellationToken cancellationToken)
    {
        rejectCount = open.RejectCount;
        opened = open;
        var before = owners.Take(open);
        foreach (var output in Outputs)
        {
            output.Open(open.Epoch);
        }

        return ValueTask.FromResult(Published(before));
    }

    public ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken)
    {
        var traces = new FileTraces(context, owners, () => Published(before: null), scope);
        return ValueTask.FromResult<IReadOnlyList<PipelineTrace>?>(
        [
            .. Outputs.Select(output => Guarded(output, () => traces.Staged(output))),
            .. rejects.Values.Select(reject => Guarded(reject.Output, () => traces.Rejects(reject))),
            traces.Owner(),
        ]);
    }

    public void Require(string sink) => rejects[sink].Require();

    public ValueTask AddAsync(string sink, RejectedChange rejected, CancellationToken cancellationToken)
    {
        Guarded(rejects[sink].Output, () => rejects[sink].Add(rejected));
        return ValueTask.CompletedTask;
    }

    public ValueTask<RejectList> ListAsync(int max, CancellationToken cancellationToken)
    {
        var lists = rejects.Values.Select(reject => Guarded(reject.Output, () => reject.List(max))).ToList();
        return ValueTask.FromResult(new RejectList([.. lists.SelectMany(list => list.Rejects).Take(max)]) { Unreadable = [.. lists.SelectMany(list => list.Unreadable).Take(max)] });
    }

    public ValueTask<long?> CountAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<long?>(rejects.Values.Sum(reject => Guarded(reject.Output, reject.Count)));

    public void EndInput()
    {
        foreach (var output in Outputs)
        {
            output.EndInput();
        }
    }

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        RequireOwn();
        var staged = Outputs.SelectMany(output => Guarded(output, () => output.Prepare(checkpoint)).Select(file => file with { Folder = FolderOf(output) })).ToList();
        prepared = (checkpoint, staged.ToLookup(file => file.Sink));
        return ValueTask.FromResult(FileCommittable.Write(staged));
    }

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        RequireOwn();
        if (prepared is { } own && own.Checkpoint == permit.Checkpoint)
        {
            foreach (var output in Outputs)
            {
                Guarded(output, () => output.CommitPrepared([.. own.Files[output.Options.Name]]));
            }

            prepared = null;
            return ValueTask.CompletedTask;
        }

        foreach (var group in FileCommittable.Read(permit.Committable).GroupBy(file => file.Sink))
        {
            var output = Outputs.FirstOrDefault(output => output.Options.Name == group.Key);
            var folder = group.First().Folder;
            if (output is not null && (folder is null || folder == FolderOf(output)))
            {
                Guarded(output, () => output.CommitLeftBehind([.. group], permit));
            }
            else if (!permit.IsKnownCommitted || group.Any(file => !file.IsEnded))
            {
                throw output is null
                    ? FileErrors.Unknown($"they belong to sink '{group.Key}', which the pipeline no longer has")
                    : FileErrors.Unknown($"they are in folder '{folder}' of sink '{group.Key}', whose folder is '{FolderOf(output)}' now");
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var output in Outputs)
        {
            output.Dispose();
        }

        writers.ForEach(writer => writer.Dispose());
        return ValueTask.CompletedTask;
    }

    private void RequireOwn() => owners.Require(opened ?? throw new InvalidOperationException("The sink connection is not open."));

    /// <summary>The newest checkpoint that has published a file of any sink.</summary>
    /// <param name="before">What was published up to here was before a reset, and is nobody's; null: nothing was.</param>
    private CheckpointRef? Published(CheckpointRef? before)
    {
        var newest = Outputs.Select(output => Guarded(output, output.Marker)).Where(marker => marker is not null).MaxBy(marker => Place(marker!.Value));
        return newest is null || (before is { } past && Place(newest.Value).CompareTo(Place(past)) <= 0) ? null : newest;
    }

    private string FolderOf(FileOutput output) => Path.GetRelativePath(root, output.Options.Folder);

    private static (Epoch, CheckpointId) Place(CheckpointRef checkpoint) => (checkpoint.Epoch, checkpoint.Id);

    private ConnectorPlace Place(FileOutput output)
    {
        var (sink, folder) = (output.Options.Name, Path.TrimEndingDirectorySeparator(Path.GetFullPath(output.Options.Folder)));
        return new ConnectorPlace($"file://{folder}", $"folder '{folder}'", sink, $"Set Folder of sink '{sink}' to another one: CdcFlow:{context.Pipeline}:Sinks:{sink}:Folder.");
    }

    private PreflightCheck Check(FileOutput output)
    {
        var name = $"folder of {output.Options.Name}";
        try
        {
            return new PreflightCheck(name, PreflightStatus.Passed, Guarded(output, new FolderProbe(context.Files, output.Options).Try));
        }
        catch (CdcFlowException error)
        {
            return new PreflightCheck(name, PreflightStatus.Failed, error.Happened, error.Code, error.Fix);
        }
    }

    private static void Guarded(FileOutput output, Action work) => FileWork.Do(output.Options, output.Options.Folder, work);

    private static TResult Guarded<TResult>(FileOutput output, Func<TResult> work) => FileWork.Do(output.Options, output.Options.Folder, work);
}
