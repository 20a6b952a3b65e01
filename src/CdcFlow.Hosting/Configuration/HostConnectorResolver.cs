using CdcFlow.Checkpointing.IO;
using CdcFlow.Configuration;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using Microsoft.Extensions.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>Makes connectors out of attributes and configuration; collects all that is wrong in one pass, before anything is opened.</summary>
/// <remarks>Serves one attempt at a time: <see cref="Complete"/> ends a pass.</remarks>
internal sealed class HostConnectorResolver(
    PipelineConfiguration pipeline, IConfiguration configuration, TimeProvider time, IConnectorLog log) : IConnectorResolver
{
    private readonly Dictionary<(string Kind, string Name), SettingsSection> sections = [];
    private readonly List<ConfigurationProblem> problems = [];
    private readonly HashSet<ConnectorSettings> halfRead = [];

    /// <inheritdoc/>
    public ISourceConnector Source(CdcSourceAttribute attribute) =>
        Make(attribute.Connection, Settings("Sources", attribute.Connection), attribute.CreateConnector) ?? UnusableConnector.Instance;

    /// <inheritdoc/>
    public ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings) =>
        Make(attribute.Connection, settings, attribute.CreateConnection) ?? (ISinkConnection)UnusableConnector.Instance;

    /// <inheritdoc/>
    public ConnectorSettings SinkSettings(string name) => Settings("Sinks", name);

    /// <inheritdoc/>
    public ConnectorSettings NodeSettings(string nodeId) => Settings("Nodes", nodeId);

    /// <inheritdoc/>
    public void Complete()
    {
        foreach (var section in sections.Values.Where(section => !IsHalfRead(section.Settings)))
        {
            section.ReportUnknownKeys();
        }

        ReportUnknownNames();
        ConfigurationProblem[] found = [.. pipeline.Problems, .. problems];
        sections.Clear();
        problems.Clear();
        halfRead.Clear();
        if (found.Length > 0)
        {
            throw ConfigurationInvalidException.Of(pipeline.Pipeline, found);
        }
    }

    private ConnectorSettings Settings(string kind, string name)
    {
        if (!sections.TryGetValue((kind, name), out var section))
        {
            sections.Add((kind, name), section = pipeline.Section(kind, name, problems));
        }

        return section.Settings;
    }

    /// <summary>Null when the connector cannot be made: the error is one of several, and is thrown with the others.</summary>
    private TConnector? Make<TConnector>(string connection, ConnectorSettings settings, Func<ConnectorContext, TConnector> create)
        where TConnector : class
    {
        try
        {
            return create(new ConnectorContext(pipeline.Pipeline, connection, ConnectionString(connection), settings, time, LocalFileSystem.Default, log)
            {
                OtherConnectionString = ConnectionString,
            });
        }
        catch (CdcFlowException error)
        {
            halfRead.Add(settings);
            problems.Add(new ConfigurationProblem(error.Code, $"ConnectionStrings:{connection}", $"{error.Happened} {error.Fix}".Trim().TrimEnd('.')));
            return null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException or NotSupportedException or OverflowException or IOException)
        {
            // Its message is not repeated: it may quote the connection string, and that may hold a password.
            halfRead.Add(settings);
            problems.Add(new ConfigurationProblem(
                HostingErrorCodes.ConnectorUnusable, $"ConnectionStrings:{connection}",
                $"the connector does not take it ({error.GetType().Name}): write it as keyword=value;keyword=value, with the keywords of the connector's page"));
            return null;
        }
    }

    private string? ConnectionString(string name) => configuration.GetConnectionString(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>A connector that could not be made has not asked for all it knows, and its further sinks have not been asked at all.</summary>
    private bool IsHalfRead(ConnectorSettings settings) => halfRead.Contains(settings) || (halfRead.Count > 0 && settings.Known.Count == 0);

    private void ReportUnknownNames()
    {
        foreach (var kind in new[] { "Sources", "Sinks", "Nodes" })
        {
            var known = sections.Keys.Where(key => key.Kind == kind).Select(key => key.Name).Order(StringComparer.Ordinal).ToList();
            foreach (var name in pipeline.Names(kind).Except(known, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add(new ConfigurationProblem(
                    HostingErrorCodes.ConfigurationUnknownName,
                    $"{pipeline.Path}:{kind}:{name}",
                    known.Count == 0 ? "the pipeline has nothing to configure here" : $"the pipeline has no such name; there are {string.Join(", ", known)}"));
            }
        }
    }
}
