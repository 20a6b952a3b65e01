using System.Globalization;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;

namespace CdcFlow.Files.Sink;

/// <summary>What a pipeline has made in a connection's folders beside the files that readers find.</summary>
/// <param name="context">The connection.</param>
/// <param name="owners">Say whose the folders are.</param>
/// <param name="published">The newest checkpoint that has published a file.</param>
/// <param name="scope">Whose traces.</param>
internal sealed class FileTraces(ConnectorContext context, FolderOwners owners, Func<CheckpointRef?> published, TraceScope scope)
{
    /// <summary>Files of one output that no reader sees.</summary>
    public PipelineTrace Staged(FileOutput output) => Files(
        $"unpublished files in '{output.Options.Folder}'", output, output.StagedFiles().Count(), TraceState.Present, detail: "", output.StagedFiles);

    /// <summary>The rejected changes of one sink, which stay unless they are asked for.</summary>
    public PipelineTrace Rejects(FileRejects rejects) => Files(
        $"rejected changes in '{rejects.Output.Options.Folder}'", rejects.Output, rejects.Output.Published().Count(),
        scope.Rejects ? TraceState.Present : TraceState.Kept, scope.Rejects ? "" : "; `reset --rejects` takes them too", rejects.Output.Published);

    /// <summary>The file that says whose the folder is. While there are published files it stays, and says that they are nobody's: the newest of them would pass for a marker.</summary>
    public PipelineTrace Owner()
    {
        var found = owners.Read();
        var isThere = found is null ? published() is not null : found.Store is not null || found.Elsewhere is not null; // version 0.1 left nothing but its files
        return new PipelineTrace($"owner's file '{owners.Location}'", isThere ? TraceState.Present : TraceState.Gone)
        {
            Detail = isThere ? "published files stay" : null,
            RemoveAsync = _ =>
            {
                owners.Disown(scope.Store, published());
                return ValueTask.CompletedTask;
            },
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
        owners.RequireNobodyElse(scope.Store);
        FileWork.Do(output.Options, output.Options.Folder, remove);
        return ValueTask.CompletedTask;
    }
}
