using System.Globalization;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;

namespace CdcFlow.Files.Sink;

/// <summary>What a pipeline has made in a connection's folders beside the files that readers find.</summary>
/// <param name="context">The connection.</param>
/// <param name="owner">Says whose the folder is.</param>
/// <param name="published">The newest checkpoint that has published a file.</param>
/// <param name="scope">Whose traces.</param>
internal sealed class FileTraces(ConnectorContext context, OwnerFile owner, Func<CheckpointRef?> published, TraceScope scope)
{
    /// <summary>Files of one output that no reader sees.</summary>
    public PipelineTrace Staged(FileOutput output) => Files(
        $"unpublished files in '{output.Options.Folder}'", output, output.StagedFiles().Count(), TraceState.Present, detail: "", output.StagedFiles);

    /// <summary>The rejected changes of one sink, which stay unless they are asked for.</summary>
    public PipelineTrace Rejects(FileRejects rejects) => Files(
        $"rejected changes in '{rejects.Output.Options.Folder}'", rejects.Output, rejects.Output.Published().Count(),
        scope.Rejects ? TraceState.Present : TraceState.Kept, scope.Rejects ? "" : "; `reset --rejects` takes them too", rejects.Output.Published);

    /// <summary>The file that says whose the folder is. While there are published files it stays, and says that they are nobody's: the newest of them would pass for a marker.</summary>
    public PipelineTrace Owner(FileOutput first)
    {
        var found = owner.Read();
        var isThere = found is null ? published() is not null : found.Store is not null; // version 0.1 left nothing but its files
        return new PipelineTrace($"owner's file '{owner.Location}'", isThere ? TraceState.Present : TraceState.Gone)
        {
            Detail = isThere ? "published files stay" : null,
            RemoveAsync = _ => Removed(first, () =>
            {
                var last = published();
                owner.Disown(owner.Read()?.Epoch ?? last?.Epoch ?? default, last, first.Options);
            }),
        };
    }

    private PipelineTrace Files(string title, FileOutput output, int count, TraceState state, string detail, Func<IEnumerable<string>> list) =>
        new(title, count == 0 ? TraceState.Gone : state)
        {
            Detail = count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} of them{detail}"),
            RemoveAsync = _ => Removed(output, () =>
            {
                foreach (var file in list().ToList())
                {
                    context.Files.Delete(file);
                }

                context.Files.SyncDirectory(output.Options.Folder);
            }),
        };

    // Another store may have taken the folder over since it was asked whose it is.
    private ValueTask Removed(FileOutput output, Action remove)
    {
        if (owner.Read() is { Store: { } store } found && store != scope.Store)
        {
            throw FileErrors.TakenOver(context.Connection, Path.GetDirectoryName(owner.Location)!, found);
        }

        try
        {
            remove();
            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (FileErrors.Covers(error))
        {
            throw FileErrors.Of(error, output.Options.Name, output.Options.Folder);
        }
    }
}
