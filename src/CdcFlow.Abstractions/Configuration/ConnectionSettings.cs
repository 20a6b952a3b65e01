namespace CdcFlow.Configuration;

/// <summary>The settings that the sinks of one connection share: they are read from its first sink, and none of the others may say otherwise.</summary>
/// <remarks>Used by one connector while it is made; not thread-safe. What is configured counts before what attributes say, so that a value which is configured for the
/// first sink alone holds for all.</remarks>
/// <param name="connection">The connection's name.</param>
/// <param name="first">The settings of its first sink.</param>
/// <param name="held">The connection's values, by the names of their properties.</param>
/// <param name="byDefault">The values of an attribute that says nothing, by the same names.</param>
public sealed class ConnectionSettings(
    string connection, ConnectorSettings first, IReadOnlyDictionary<string, string> held, IReadOnlyDictionary<string, string> byDefault)
{
    private string? firstSink;

    /// <summary>Refuses a sink that gives another value. The first sink comes first.</summary>
    /// <param name="sink">The sink's name.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="own">The values that a connection of its own would have, by the same names.</param>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.ConnectionSettingDiffers"/>.</exception>
    public void Require(string sink, ConnectorSettings settings, IReadOnlyDictionary<string, string> own)
    {
        if (firstSink is null)
        {
            firstSink = sink;
            return;
        }

        foreach (var (name, value) in own)
        {
            if (value != held[name] && (IsConfigured(settings, name) || (value != byDefault[name] && !IsConfigured(first, name))))
            {
                throw new CdcFlowException(
                    ErrorCodes.ConnectionSettingDiffers,
                    $"Sink '{sink}' has {name} = {value}, and connection '{connection}' has {held[name]}, of its first sink '{firstSink}'.",
                    $"The sinks of a connection share this setting: give '{sink}' the same value, or none ({settings.Path}:{name}={held[name]}); or give '{firstSink}' the other ({first.Path}:{name}={value}).");
            }
        }
    }

    private static bool IsConfigured(ConnectorSettings settings, string name) => settings.GetString(name, null) is not null;
}
