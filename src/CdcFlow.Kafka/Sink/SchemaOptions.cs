using CdcFlow.Configuration;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.SchemaRegistry;

namespace CdcFlow.Kafka.Sink;

/// <summary>What one sink is told about its schemas.</summary>
/// <param name="Registry">The registry's connection name.</param>
/// <param name="AutoRegister">Whether to register what is not there.</param>
/// <param name="Strategy">How subjects are named.</param>
internal sealed record SchemaOptions(string Registry, bool AutoRegister, SubjectNameStrategy Strategy)
{
    /// <summary>Null for a sink without a registry.</summary>
    /// <exception cref="CdcFlowException">CDCF5269: the format needs a registry and has none, or the other way round.</exception>
    public static SchemaOptions? Resolve(KafkaSinkAttribute attribute, string name, ConnectorSettings settings)
    {
        var format = settings.GetEnum(nameof(KafkaSinkAttribute.Format), attribute.Format);
        var registry = settings.GetString(nameof(KafkaSinkAttribute.SchemaRegistry), attribute.SchemaRegistry);
        var options = new SchemaOptions(
            registry ?? "",
            settings.GetBoolean(nameof(KafkaSinkAttribute.AutoRegisterSchemas), attribute.AutoRegisterSchemas),
            settings.GetEnum(nameof(KafkaSinkAttribute.SubjectNameStrategy), attribute.SubjectNameStrategy));
        if (string.IsNullOrEmpty(registry))
        {
            return RecordSchemas.Needs(format)
                ? throw SchemaRegistryErrors.Unfit(name, $"writes {format}, which nobody can read without its schema, and has no schema registry", "Set SchemaRegistry to the name of its connection string.")
                : null;
        }

        if (!RecordSchemas.Has(format))
        {
            throw SchemaRegistryErrors.Unfit(name, $"has a schema registry, and {format} has no schema", "Leave SchemaRegistry out, or set Format = RecordFormat.Json.");
        }

        return settings.GetBoolean(nameof(KafkaSinkAttribute.Schemas), attribute.Schemas)
            ? throw SchemaRegistryErrors.Unfit(name, "has a schema registry, and records that carry their schemas", "Leave Schemas = true or SchemaRegistry out.")
            : options;
    }
}
