namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>The ids that a registry gave to the schemas of a topic's records.</summary>
/// <param name="Key">That of keys; 0 where records have none.</param>
/// <param name="Value">That of values.</param>
internal readonly record struct SchemaIds(int Key, int Value);
