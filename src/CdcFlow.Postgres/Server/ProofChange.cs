namespace CdcFlow.Postgres.Server;

/// <summary>What a later proof tells of the time since the earlier one.</summary>
internal enum ProofChange
{
    /// <summary>Every change of the table was published.</summary>
    None,

    /// <summary>The publication was altered in what leaves no change out; whether it was in anything else as well, for a while, cannot be told.</summary>
    Altered,

    /// <summary>Changes may have been left out.</summary>
    Gap,
}
