namespace CdcFlow.Formats.Debezium;

/// <summary>What Debezium's own configuration lets a user choose about values. The defaults are Debezium's.</summary>
public sealed record DebeziumOptions
{
    /// <summary>Whether every key and value carries its Kafka Connect schema, as in <c>{"schema":…,"payload":…}</c>. Default: false.</summary>
    public bool Schemas { get; init; }

    /// <summary>Whose envelope is written. Default: <see cref="DebeziumShape.Debezium3"/>.</summary>
    public DebeziumShape Shape { get; init; } = DebeziumShape.Debezium3;

    /// <summary>Debezium's <c>decimal.handling.mode</c>. Default: <see cref="DecimalMode.Precise"/>.</summary>
    public DecimalMode Decimals { get; init; } = DecimalMode.Precise;

    /// <summary>What a numeric NaN or infinity becomes under <see cref="DecimalMode.Precise"/>; the other modes have a form for it. Default: <see cref="NotFiniteMode.Refuse"/>.</summary>
    public NotFiniteMode NotFinite { get; init; } = NotFiniteMode.Refuse;

    /// <summary>Debezium's <c>time.precision.mode</c>. Default: <see cref="TemporalMode.Adaptive"/>.</summary>
    public TemporalMode Times { get; init; } = TemporalMode.Adaptive;

    /// <summary>Debezium's <c>interval.handling.mode</c>. Default: <see cref="IntervalMode.Numeric"/>.</summary>
    public IntervalMode Intervals { get; init; } = IntervalMode.Numeric;

    /// <summary>Debezium's <c>binary.handling.mode</c>. Default: <see cref="BinaryMode.Bytes"/>.</summary>
    public BinaryMode Binaries { get; init; } = BinaryMode.Bytes;

    /// <summary>Debezium's <c>provide.transaction.metadata</c>, for the block of each change: which transaction it is of and its number there. There is no topic of
    /// transactions. Default: false, and the block is null.</summary>
    public bool TransactionMetadata { get; init; }

    /// <summary>What stands for a column that the log did not carry because it did not change. Default: <see cref="UnchangedMode.Placeholder"/>.</summary>
    public UnchangedMode Unchanged { get; init; } = UnchangedMode.Placeholder;
}
