namespace CdcFlow.Formats;

/// <summary>What the text formats let a user choose.</summary>
public sealed record TextFormatOptions
{
    /// <summary>How fields are named whose column has no explicit name. Default: <see cref="FieldNaming.SnakeCase"/>.</summary>
    public FieldNaming Naming { get; init; } = FieldNaming.SnakeCase;

    /// <summary>The field with the operation's letter. Default: <c>op</c>.</summary>
    public string OperationField { get; init; } = "op";

    /// <summary>The field with where the change comes from; in CSV, what those fields' names begin with. Default: <c>_cdc</c>.</summary>
    public string MetadataField { get; init; } = "_cdc";
}
