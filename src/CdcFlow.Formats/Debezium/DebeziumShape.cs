namespace CdcFlow.Formats.Debezium;

/// <summary>Whose envelope is written.</summary>
public enum DebeziumShape
{
    /// <summary>Debezium 3: times in milli-, micro- and nanoseconds, in <c>source</c> and beside <c>op</c>.</summary>
    Debezium3,

    /// <summary>Debezium 1.9, which Flink CDC 3 emits: milliseconds only, <c>transaction</c> last.</summary>
    Debezium19,
}
