using CdcFlow.Configuration;
using CdcFlow.Formats.Json;
using CdcFlow.Rejects;

namespace CdcFlow.Files.Sink;

/// <summary>The rejected changes of one sink, as JSON lines in the folder <c>_rejects</c> within its own: published with the checkpoint of the changes around them.</summary>
internal sealed class FileRejects(FileSinkOptions sink, ConnectorContext context)
{
    private const string FolderName = "_rejects";

    /// <summary>Its files. No sink can have that name.</summary>
    public FileOutput Output { get; } = new(
        sink with { Name = $"{sink.Name}/{FolderName}", Root = sink.Folder, Folder = Path.Combine(sink.Folder, FolderName) },
        context,
        new FileNames(context.Pipeline, sink.Name, ".jsonl"));

    /// <summary>Whether changes of the sink may be set aside.</summary>
    public bool IsRequired { get; private set; }

    /// <summary>The place is needed.</summary>
    public void Require() => IsRequired = true;

    /// <summary>Writes a change.</summary>
    public void Add(RejectedChange rejected)
    {
        if (Output.Start())
        {
            // The sink's own folder may be new as well: it has no file yet where every row is rejected.
            context.Files.SyncDirectory(sink.Root);
        }

        Output.Begin();
        RejectJson.Write(Output.Buffer, context.Pipeline, sink.Name, rejected);
        Output.Buffer.Append((byte)'\n');
        Output.Written();
    }

    /// <summary>How many are published.</summary>
    public long Count() => Output.Published().Sum(file => RejectLines.Count(context.Files, file));

    /// <summary>Reads the newest that are published.</summary>
    /// <param name="max">How many, those that cannot be read included.</param>
    public RejectList List(int max)
    {
        var read = new List<(StoredReject? Reject, string? Unreadable)>();
        foreach (var file in Output.Published())
        {
            read.AddRange(RejectLines.Last(context.Files, file, max - read.Count));
            if (read.Count == max)
            {
                break;
            }
        }

        return new RejectList([.. read.Select(line => line.Reject).OfType<StoredReject>()]) { Unreadable = [.. read.Select(line => line.Unreadable).OfType<string>()] };
    }
}
