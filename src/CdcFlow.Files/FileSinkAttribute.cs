using CdcFlow.Configuration;
using CdcFlow.Files.Sink;
using CdcFlow.Formats;
using CdcFlow.Sinks;

namespace CdcFlow.Files;

/// <summary>Writes every change to files that readers see only when their checkpoint is committed: complete, exactly once, in order.</summary>
/// <remarks>
/// <c>ConnectionStrings:{connection}</c> is a folder's path, and no secret: messages name it. Each sink has a subfolder of its own. Files of
/// one sink sorted by name, their lines as they stand, are all changes in order. Shapes and names: <c>docs/reference/file-sink.md</c>.
/// Every property may be overridden by <c>CdcFlow:{pipeline}:Sinks:{name}:{Property}</c>.
/// </remarks>
/// <param name="connection">The connection's name.</param>
[SinkCapabilities(SinkKind.Staged)]
public sealed class FileSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <summary>The sink's folder, under the connection's one unless it is absolute. Default: the sink's name.</summary>
    public string? Folder { get; set; }

    /// <summary>What stands in the files. Default: <see cref="FileFormat.JsonLines"/>.</summary>
    public FileFormat Format { get; set; } = FileFormat.JsonLines;

    /// <summary>A file ends when it has so many bytes, at least 1. Default: 128 MiB.</summary>
    public long RollBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>A file goes on over checkpoints until it is so old, in seconds; its changes can be read only then. Default: 0, a file ends with
    /// its checkpoint.</summary>
    public int RollIntervalSeconds { get; set; }

    /// <summary>How fields are named whose column has no explicit name. Default: <see cref="FieldNaming.SnakeCase"/>.</summary>
    public FieldNaming Naming { get; set; } = FieldNaming.SnakeCase;

    /// <summary>The field with the operation's letter. Default: <c>op</c>.</summary>
    public string OperationField { get; set; } = "op";

    /// <summary>The field with where a change comes from. Default: <c>_cdc</c>.</summary>
    public string MetadataField { get; set; } = "_cdc";

    /// <summary>The permissions of new files, as three octal digits: <c>640</c>, so that a group of readers may read them. The sink's folder, where the sink
    /// makes it, can also be entered by whoever may read. Default: null, what the user's settings (umask) give. Not on Windows.</summary>
    public string? Permissions { get; set; }

    /// <summary>What to do about a staged file that is gone or damaged. Default: <see cref="OnLostFile.Stop"/>.</summary>
    public OnLostFile OnLostFile { get; set; }

    /// <summary>What becomes of a change that has no form in the format, such as half of a surrogate pair in CSV. Default: <see cref="OnError.Stop"/>.</summary>
    public OnError OnError { get; set; }

    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) => new FileSinkConnection(context);
}
