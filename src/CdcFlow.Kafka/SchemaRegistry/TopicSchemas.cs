using System.Globalization;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Sink;

namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>The schemas of one sink's records, by topic: found or registered once for each topic, before the first record is written there.</summary>
/// <param name="sink">The sink's name.</param>
/// <param name="registry">Where schemas are kept.</param>
/// <param name="options">How subjects are named, and whether to register what is not there.</param>
/// <param name="schemasOf">The schemas of a topic's records.</param>
internal sealed class TopicSchemas(string sink, SchemaRegistryClient registry, SchemaOptions options, Func<string, RecordSchemaPair> schemasOf)
{
    // A template's placeholders are tables' names: what somebody may create without end must not fill a registry.
    private const int TopicsMax = 1000;

    private readonly Dictionary<string, SchemaIds> ids = new(StringComparer.Ordinal);
    private string? current;

    /// <summary>The ids for the topic that is being written to.</summary>
    public SchemaIds Ids { get; private set; }

    /// <summary>Turns to a topic that <see cref="BindAsync"/> has seen.</summary>
    public void TurnTo(string topic)
    {
        if (!ReferenceEquals(topic, current))
        {
            (current, Ids) = (topic, ids[topic]);
        }
    }

    /// <summary>Finds or registers a topic's schemas.</summary>
    /// <exception cref="CdcFlowException">The registry refused or cannot be reached; nothing is to be written to the topic.</exception>
    public async ValueTask BindAsync(string topic, CancellationToken cancellationToken)
    {
        if (ids.ContainsKey(topic))
        {
            return;
        }

        if (ids.Count == TopicsMax)
        {
            throw SchemaRegistryErrors.TooMany(sink, TopicsMax);
        }

        var (key, value) = schemasOf(topic);

        // Values change more often than keys: theirs come first, so that a refusal leaves the registry as it was.
        var valueId = await IdAsync(SubjectOf(topic, "value", value), value, cancellationToken);
        ids.Add(topic, new SchemaIds(key is null ? 0 : await IdAsync(SubjectOf(topic, "key", key), key, cancellationToken), valueId));
    }

    /// <summary>Looks whether a topic's schemas could be bound; changes nothing.</summary>
    /// <returns>What was found, as a sentence.</returns>
    /// <exception cref="CdcFlowException">They could not.</exception>
    public async ValueTask<string> CheckAsync(string topic, CancellationToken cancellationToken)
    {
        var (key, value) = schemasOf(topic);
        var found = await CheckAsync(SubjectOf(topic, "value", value), value, cancellationToken);
        return key is null ? found : $"{found} {await CheckAsync(SubjectOf(topic, "key", key), key, cancellationToken)}";
    }

    // Looked for first: a registry that is read-only, or a login that may only read, refuses to register also what is registered already.
    private async ValueTask<int> IdAsync(string subject, RecordSchema schema, CancellationToken cancellationToken) =>
        await registry.FindAsync(subject, schema, cancellationToken)
        ?? (options.AutoRegister ? await registry.RegisterAsync(subject, schema, cancellationToken) : throw SchemaRegistryErrors.Missing(subject));

    private async ValueTask<string> CheckAsync(string subject, RecordSchema schema, CancellationToken cancellationToken)
    {
        if (await registry.FindAsync(subject, schema, cancellationToken) is { } id)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Subject '{subject}' has the schema, id {id}.");
        }

        if (!options.AutoRegister)
        {
            throw SchemaRegistryErrors.Missing(subject);
        }

        await registry.RequireCompatibleAsync(subject, schema, cancellationToken);
        return $"Subject '{subject}' takes the schema as a new version.";
    }

    private string SubjectOf(string topic, string part, RecordSchema schema) => options.Strategy switch
    {
        SubjectNameStrategy.RecordName => schema.Name,
        SubjectNameStrategy.TopicRecordName => $"{topic}-{schema.Name}",
        _ => $"{topic}-{part}",
    };
}
