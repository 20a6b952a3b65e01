namespace CdcFlow;

/// <summary>What a filter or map says downstream about a row that passed before and does not any more.</summary>
public enum OnDrop
{
    /// <summary>A delete of the row.</summary>
    Retract,

    /// <summary>Nothing: consumers keep the row as it last passed.</summary>
    Ignore,
}
