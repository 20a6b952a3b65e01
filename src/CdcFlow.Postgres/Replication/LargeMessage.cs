namespace CdcFlow.Postgres.Replication;

/// <summary>Hears of a large message of the log before it is received.</summary>
/// <param name="beginning">Its first bytes.</param>
/// <param name="length">All its bytes.</param>
/// <returns>Whether it is admitted, so that room for all of it can be made at once.</returns>
internal delegate bool LargeMessage(ReadOnlySpan<byte> beginning, int length);
