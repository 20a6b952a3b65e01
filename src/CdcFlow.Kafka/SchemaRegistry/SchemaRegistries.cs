using CdcFlow.Configuration;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Sink;
using CdcFlow.Rows;

namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>The schema registries of a connection's sinks, and the schemas of each sink.</summary>
/// <param name="connectionStringOf">Gives a registry's connection string by its name.</param>
/// <param name="connect">Makes the HTTP client of a registry.</param>
internal sealed class SchemaRegistries(Func<string, string?> connectionStringOf, Func<SchemaRegistrySettings, HttpClient> connect) : IDisposable
{
    private readonly Dictionary<string, SchemaRegistryClient> clients = new(StringComparer.Ordinal);
    private readonly List<(KafkaSinkOptions Sink, TopicSchemas Schemas)> sinks = [];

    /// <summary>Adds a sink.</summary>
    /// <returns>Its schemas; null when it has no registry.</returns>
    public TopicSchemas? Add(KafkaSinkOptions sink, RowSchema rows)
    {
        if (sink.Schemas is not { } options)
        {
            return null;
        }

        var schemas = new TopicSchemas(sink.Name, ClientOf(options.Registry), options, topic => RecordSchemas.Of(rows, sink.Records, topic));
        sinks.Add((sink, schemas));
        return schemas;
    }

    /// <summary>Finds or registers the schemas of every topic that is known by name.</summary>
    /// <exception cref="CdcFlowException">A schema is refused: nothing is to be written.</exception>
    public async ValueTask BindAsync(CancellationToken cancellationToken)
    {
        foreach (var (sink, schemas) in sinks)
        {
            if (sink.Topic.IsFixed)
            {
                await schemas.BindAsync(sink.Topic.ToString(), cancellationToken);
            }
        }
    }

    /// <summary>Looks whether that would go well; changes nothing.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(CancellationToken cancellationToken)
    {
        List<PreflightCheck> checks = [];
        foreach (var (sink, schemas) in sinks)
        {
            checks.Add(await CheckAsync(sink, schemas, cancellationToken));
        }

        return checks;
    }

    /// <summary>The private keys that registries are logged in to with.</summary>
    public List<string> KeyFiles { get; } = [];

    public void Dispose()
    {
        foreach (var client in clients.Values)
        {
            client.Dispose();
        }
    }

    private static async ValueTask<PreflightCheck> CheckAsync(KafkaSinkOptions sink, TopicSchemas schemas, CancellationToken cancellationToken)
    {
        const string name = "schemas";
        if (!sink.Topic.IsFixed)
        {
            return new PreflightCheck(name, PreflightStatus.Passed, $"Sink '{sink.Name}': schemas are registered when a topic is first written to.");
        }

        try
        {
            return new PreflightCheck(name, PreflightStatus.Passed, await schemas.CheckAsync(sink.Topic.ToString(), cancellationToken));
        }
        catch (CdcFlowException error) when (!error.IsTransient) // one that is away is waited for
        {
            return new PreflightCheck(name, PreflightStatus.Failed, error.Happened, error.Code, error.Fix);
        }
    }

    private SchemaRegistryClient ClientOf(string connection)
    {
        if (!clients.TryGetValue(connection, out var client))
        {
            var settings = SchemaRegistryConnectionString.Parse(connectionStringOf(connection) ?? throw SchemaRegistryErrors.NoConnectionString(connection));
            KeyFiles.AddRange(settings.ClientKeyFile is { } file ? [file] : []);
            clients.Add(connection, client = new SchemaRegistryClient(settings, connect(settings)));
        }

        return client;
    }
}
