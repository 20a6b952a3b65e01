namespace CdcFlow.Postgres.Replication;

/// <summary>Hears of a large message of the log before it is received.</summary>
/// <param name="beginning">Its first bytes.</param>
/// <param name="length">All its bytes.</param>
internal delegate void LargeMessage(ReadOnlySpan<byte> beginning, int length);
