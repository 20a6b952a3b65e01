namespace CdcFlow.Postgres.Source;

/// <summary>Which event of the log is being decoded.</summary>
/// <param name="Origin">Its transaction and table.</param>
/// <param name="Index">Its index in the transaction.</param>
/// <param name="Row">The index of the change made out of it.</param>
internal readonly record struct LogEvent(ChangeOrigin Origin, int Index, short Row)
{
    internal ChangeMetadata Metadata => new(Origin, Index, Row);
}
