using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace CdcFlow.Postgres.Sink;

/// <summary>What a connection asks of each of its sinks, whatever their row type.</summary>
internal interface IPostgresSinkWriter : IDisposable
{
    /// <summary>The sink's name if it keeps its rows when the source's table is truncated; null if it does not.</summary>
    string? NameIfKeeping { get; }

    /// <summary>The sink's name if it updates rows in place; null if it does not.</summary>
    string? NameIfUpdating { get; }

    /// <summary>Its settings.</summary>
    PostgresSinkOptions Options { get; }

    /// <summary>What decides its rows.</summary>
    SinkContent Content { get; }

    /// <summary>Finds out whether the table fits, changing nothing.</summary>
    /// <param name="session">The server.</param>
    /// <param name="last">The checkpoint that was committed last, if there is one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CheckpointRef? last, CancellationToken cancellationToken);

    /// <summary>Makes the table if it is asked to, checks it, and writes to it from now on.</summary>
    /// <param name="session">The server.</param>
    /// <param name="last">The checkpoint that was committed last, if there is one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    ValueTask OpenAsync(SinkSession session, CheckpointRef? last, CancellationToken cancellationToken);

    /// <summary>Sends everything that waits, and checks each result.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
