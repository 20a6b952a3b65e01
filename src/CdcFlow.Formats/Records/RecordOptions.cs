using CdcFlow.Formats.Debezium;

namespace CdcFlow.Formats.Records;

/// <summary>What a user chooses about records.</summary>
public sealed record RecordOptions
{
    /// <summary>The shape of keys and values. Default: <see cref="RecordFormat.DebeziumJson"/>.</summary>
    public RecordFormat Format { get; init; } = RecordFormat.DebeziumJson;

    /// <summary>How fields are named whose column has no explicit name. Default: <see cref="FieldNaming.SnakeCase"/>.</summary>
    public FieldNaming Naming { get; init; } = FieldNaming.SnakeCase;

    /// <summary>Debezium's logical server name (its <c>topic.prefix</c>): <c>source.name</c> and the first part of schema names.
    /// Default: null, the source's connection name.</summary>
    public string? ServerName { get; init; }

    /// <summary>The pipeline's name, a part of a CloudEvent's id and source. Default: <c>cdcflow</c>.</summary>
    public string Pipeline { get; init; } = "cdcflow";

    /// <summary>What only <see cref="RecordFormat.DebeziumJson"/> asks.</summary>
    public DebeziumOptions Debezium { get; init; } = new();

    /// <summary>Gives the time at which a change was processed. Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
