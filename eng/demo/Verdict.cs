using System.Globalization;

namespace Shop;

/// <summary>What the comparison of one sink with the source found.</summary>
/// <param name="Sink">The sink, for people.</param>
/// <param name="Rows">Rows (or changes) that were looked at.</param>
/// <param name="Lost">In the source and not in the sink, or with an older content.</param>
/// <param name="Doubled">In the sink more often than in the source, or not in the source at all.</param>
/// <param name="OutOfOrder">Changes of one key that stand in another order than they were made.</param>
/// <param name="Aborted">Records of transactions that were aborted, which only a reader of uncommitted ones gets; null for sinks without such.</param>
public sealed record Verdict(string Sink, long Rows, long Lost, long Doubled, long OutOfOrder = 0, long? Aborted = null)
{
    /// <summary>Some of what is wrong.</summary>
    public Examples Examples { get; init; } = [];

    public bool IsClean => Lost == 0 && Doubled == 0 && OutOfOrder == 0;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Sink,-28} {Rows,10:N0} rows   {Lost} lost   {Doubled} doubled   {OutOfOrder} out of order") +
        (Aborted is { } aborted ? string.Create(CultureInfo.InvariantCulture, $"   ({aborted:N0} aborted records beside them)") : "") +
        string.Concat(Examples.Select(example => $"\n    {example}"));
}
