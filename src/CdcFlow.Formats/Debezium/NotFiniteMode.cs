namespace CdcFlow.Formats.Debezium;

/// <summary>What a numeric NaN or infinity becomes where decimals are bytes, which have no form for it.</summary>
public enum NotFiniteMode
{
    /// <summary>The change cannot be encoded: it stops the pipeline, or becomes a dead letter, as the sink is told.</summary>
    Refuse,

    /// <summary>Null, as Debezium has it. A column that takes no null refuses it all the same.</summary>
    Null,
}
