using CdcFlow.Sources;

namespace CdcFlow.Testing.Conformance.Sources;

/// <summary>What a source connector's author supplies to <see cref="SourceConformance"/>: one database with the tables of <see cref="StandTable.All"/>, empty, and the ways to write to it.</summary>
/// <remarks>Made anew for each check and disposed after it. Called by one check, one call at a time, but while a reader reads.</remarks>
public interface ISourceStand : IAsyncDisposable
{
    /// <summary>Makes a connector, as a new process of the same pipeline would: <see cref="SourceConformance.Pipeline"/>. The check adds its tables.</summary>
    /// <remarks>Give it the shortest waits that it has: for a log that another instance reads, and between places while nothing happens.</remarks>
    ISourceConnector Connect(StandOptions options);

    /// <summary>The attribute of a node that reads a table.</summary>
    CdcSourceAttribute Source(StandTable table, StandOptions options);

    /// <summary>Carries operations out, in order, in one transaction. Of an update, only the columns that differ are set.</summary>
    /// <returns>When it is committed; while visibility is delayed, when its commit is in the log.</returns>
    ValueTask ApplyAsync(IReadOnlyList<RowOperation> operations, CancellationToken cancellationToken);

    /// <summary>The rows that are in a table now, each with its values in the schema's order and in the schema's types, in any order.</summary>
    ValueTask<IReadOnlyList<object?[]>> ReadAsync(StandTable table, CancellationToken cancellationToken);

    /// <summary>Carries operations out and rolls them back: for <see cref="SourceTraits.Rollback"/>.</summary>
    ValueTask RollBackAsync(IReadOnlyList<RowOperation> operations, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Adds a column that takes null and that no row type has: for <see cref="SourceTraits.SchemaChanges"/>.</summary>
    ValueTask AddColumnAsync(StandTable table, string column, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>From now on a commit is in the log at once, and other sessions see it only after the disposal of what is returned: for <see cref="SourceTraits.DelayedVisibility"/>.</summary>
    ValueTask<IAsyncDisposable> DelayVisibilityAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Loses the log up to now, as a server does that kept too little of it: for <see cref="SourceTraits.LogLoss"/>. Nobody reads it meanwhile.</summary>
    ValueTask LoseLogAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Kills the server and starts it again, with what was committed: for <see cref="SourceTraits.ServerRestart"/>.</summary>
    ValueTask RestartServerAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Ends a reader as the death of its process would.</summary>
    ValueTask KillAsync(ISourceReader reader) => reader.DisposeAsync();
}
