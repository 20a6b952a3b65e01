namespace CdcFlow.Formats.Debezium;

/// <summary>What stands for a column that the log did not carry because it did not change.</summary>
public enum UnchangedMode
{
    /// <summary>Debezium's <c>__debezium_unavailable_value</c>, in the form that the column's type has for it.</summary>
    Placeholder,

    /// <summary>Nothing: the member is left out.</summary>
    Omit,
}
