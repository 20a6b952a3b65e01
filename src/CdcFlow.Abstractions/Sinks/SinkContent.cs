namespace CdcFlow.Sinks;

/// <summary>What decides the rows that a sink has, besides the pipeline that feeds it.</summary>
/// <remarks>Kept in checkpoints and shown in messages: never a secret.</remarks>
/// <param name="Settings">By their names, the settings that say where its rows are and what they look like, as they are in force: table, mode, topic, format. Not those
/// that only say how it works, as a time limit.</param>
public sealed record SinkContent(IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>That of a sink which says nothing.</summary>
    public static SinkContent Unknown { get; } = new(new Dictionary<string, string>());

    /// <summary>What tells its table from another of the same name: the server's own number of it, as <see cref="ISinkConnection.PreflightAsync"/> or
    /// <see cref="ISinkConnection.OpenAsync"/> has found it, or <see cref="NoPlace"/>. Null, the default, where that is not known.</summary>
    public string? Place { get; init; }

    /// <summary>The <see cref="Place"/> of a sink whose table is missing.</summary>
    public const string NoPlace = "none";
}
