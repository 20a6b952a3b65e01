using CdcFlow.Configuration;
using CdcFlow.Files.Console;
using CdcFlow.Formats;
using CdcFlow.Sinks;

namespace CdcFlow.Files;

/// <summary>Prints every change to standard output as a line of JSON, at once: for looking, and for pipes.</summary>
/// <remarks>At least once: after a crash some changes are printed again. Needs no connection string. Lines are those of
/// <see cref="FileSinkAttribute"/>; see <c>docs/reference/console-sink.md</c>.</remarks>
/// <param name="connection">A name; sinks of one name print in turn.</param>
[SinkCapabilities(SinkKind.AtLeastOnce)]
public sealed class ConsoleSinkAttribute(string connection = "console") : SinkAttribute(connection)
{
    /// <summary>How fields are named whose column has no explicit name. Default: <see cref="FieldNaming.SnakeCase"/>.</summary>
    public FieldNaming Naming { get; set; } = FieldNaming.SnakeCase;

    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) => new ConsoleSinkConnection(context.Pipeline, System.Console.OpenStandardOutput());
}
