using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats;

namespace CdcFlow.Files.Sink;

/// <summary>A sequence of files in one folder, whatever stands in them: written where no reader looks, published with their checkpoint.</summary>
/// <remarks>Touched by the connection's node only.</remarks>
internal sealed class FileOutput(FileSinkOptions options, ConnectorContext context, FileNames names) : IDisposable
{
    private const int FlushBytes = 256 * 1024;

    private readonly StagedFiles staged = new(context.Files, context.Time, options, names);
    private readonly FilePublisher publisher = new(context.Pipeline, context.Files, options, context.Log);
    private Epoch epoch;
    private bool hasStarted;

    /// <summary>The sink's settings.</summary>
    public FileSinkOptions Options => options;

    /// <summary>Where to write: whole changes, each followed by <see cref="Written"/>.</summary>
    public ByteBuffer Buffer { get; } = new(2 * FlushBytes);

    /// <summary>The newest checkpoint that has published a file here; null when none has.</summary>
    public CheckpointRef? Marker() =>
        context.Files.ListFiles(Options.Folder).Select(names.CheckpointOf).Where(checkpoint => checkpoint is not null)
            .MaxBy(checkpoint => (checkpoint!.Value.Epoch, checkpoint.Value.Id));

    /// <summary>The published files, the newest first.</summary>
    public IEnumerable<string> Published() =>
        context.Files.ListFiles(Options.Folder).Where(name => names.CheckpointOf(name) is not null).Reverse().Select(name => Path.Combine(Options.Folder, name));

    /// <summary>The files that are not published, whichever instance staged them.</summary>
    public IEnumerable<string> StagedFiles() =>
        context.Files.ListFiles(Options.Folder).Where(name => names.StagedBy(name) is not null).Select(name => Path.Combine(Options.Folder, name));

    /// <summary>Stages for an instance from now on.</summary>
    public void Open(Epoch instance) => epoch = instance;

    /// <summary>Makes the folder, the first time.</summary>
    /// <returns>Whether this was the first time.</returns>
    public bool Start()
    {
        if (hasStarted)
        {
            return false;
        }

        staged.Start(epoch);
        return hasStarted = true;
    }

    /// <summary>Begins a file if none is open.</summary>
    /// <returns>Whether it did: what stands before a file's first change is to be written.</returns>
    public bool Begin()
    {
        if (staged.IsOpen)
        {
            return false;
        }

        staged.Begin();
        return true;
    }

    /// <summary>A whole change was written: the file ends where it is large enough.</summary>
    public void Written()
    {
        if (staged.Length + Buffer.Length >= options.RollBytes)
        {
            Flush();
            staged.End();
        }
        else if (Buffer.Length >= FlushBytes)
        {
            Flush();
        }
    }

    /// <summary>Nothing more will be written.</summary>
    public void EndInput() => staged.EndInput();

    /// <summary>Makes everything written durable.</summary>
    public IReadOnlyList<StagedFile> Prepare(CheckpointRef checkpoint)
    {
        Flush();
        return staged.Prepare(checkpoint);
    }

    /// <summary>Publishes what the last <see cref="Prepare"/> returned.</summary>
    public void CommitPrepared(IReadOnlyList<StagedFile> files)
    {
        publisher.PublishOwn(files);
        staged.Committed();
    }

    /// <summary>Publishes what another process prepared.</summary>
    public void CommitLeftBehind(IReadOnlyList<StagedFile> files, CommitPermit permit) => publisher.PublishLeftBehind(permit.IsKnownCommitted ? Unfinished(files, permit.Checkpoint) : files);

    public void Dispose()
    {
        staged.Dispose();
        Buffer.Dispose();
    }

    // What had ended was published, whether or not a reader has taken it away since. What had not was to go on, and was published with a later checkpoint, or is to be published now.
    private List<StagedFile> Unfinished(IReadOnlyList<StagedFile> files, CheckpointRef checkpoint)
    {
        var isOlder = Marker() is { } newest && (newest.Epoch, newest.Id).CompareTo((checkpoint.Epoch, checkpoint.Id)) > 0;
        return [.. files.Where(file => !file.IsEnded && !(isOlder && !context.Files.Exists(Path.Combine(options.Folder, file.Name))))];
    }

    private void Flush()
    {
        if (Buffer.Length > 0)
        {
            staged.Append(Buffer.Written);
            Buffer.Clear();
        }
    }
}
