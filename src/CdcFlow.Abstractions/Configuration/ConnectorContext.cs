using CdcFlow.IO;

namespace CdcFlow.Configuration;

/// <summary>What a connector is made with.</summary>
/// <param name="Pipeline">The pipeline's name: what slots, publications, staging folders and markers are named after.</param>
/// <param name="Connection">The connection's name: the first argument of the attribute.</param>
/// <param name="ConnectionString">The value of <c>ConnectionStrings:{Connection}</c>; null when none is configured. A secret: never in a message.</param>
/// <param name="Settings">Configuration that overrides attribute values.</param>
/// <param name="Time">The clock.</param>
/// <param name="Files">The file system.</param>
/// <param name="Log">Where the connector reports what it does.</param>
public sealed record ConnectorContext(
    string Pipeline, string Connection, string? ConnectionString, ConnectorSettings Settings,
    TimeProvider Time, IFileSystem Files, IConnectorLog Log)
{
    /// <summary>Gives the connection string of another name, for a system that the connector also talks to, such as a schema registry; null when none
    /// is configured. A secret as well. Default: there is no other.</summary>
    public Func<string, string?> OtherConnectionString { get; init; } = _ => null;
}
