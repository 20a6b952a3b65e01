using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats.Json;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Writes the changes of one sink to its table, in the transaction that its connection's sinks share.</summary>
/// <remarks>Changes are collected and merged by key (or appended) a few thousand at a time, so that small batches cost no round trip each.</remarks>
internal sealed class PostgresSinkWriter<T, TCodec> : ISinkWriter<T>, IPostgresSinkWriter
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly PendingChanges<T, TCodec> pending = new();
    private readonly PostgresSinkOptions options;
    private readonly IConnectorLog log;
    private readonly RejectsTable rejects;
    private readonly SinkTable table;
    private readonly TableMerge<T, TCodec> merge;
    private readonly RefusedRows<T, TCodec> refused;
    private readonly List<RejectedChange> rejected = [];
    private SinkSession session = null!;
    private AuditColumns audit = null!;

    /// <param name="options">The sink's options.</param>
    /// <param name="number">Its number on its connection.</param>
    /// <param name="emptied">The tables that the connection's sinks remove rows from; complete when the first method is called.</param>
    /// <param name="rejects">Where rows go that the table refuses.</param>
    /// <param name="log">Where lifecycle facts are reported.</param>
    public PostgresSinkWriter(PostgresSinkOptions options, int number, IReadOnlyCollection<TableId> emptied, RejectsTable rejects, IConnectorLog log)
    {
        this.options = options;
        this.rejects = rejects;
        this.log = log;
        table = new SinkTable(options, TCodec.Schema, emptied);
        merge = new TableMerge<T, TCodec>(options, number, pending);
        refused = new RefusedRows<T, TCodec>(options, number, table, pending, merge);
        if (options.OnError == OnError.DeadLetter)
        {
            rejects.Require();
        }
    }

    public PostgresSinkOptions Options => options;

    public string? NameIfKeeping => IsAppend || options.Truncates != RemovalMode.Apply ? options.Name : null;

    public string? NameIfUpdating => IsAppend ? null : options.Name;

    public SinkContent Content => new(options.Content) { Place = table.Place };

    private bool IsAppend => options.Mode == PostgresSinkMode.Append;

    private string TableName => SinkSql.Quoted(options.Table);

    public ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CheckpointRef? last, CancellationToken cancellationToken) =>
        table.CheckAsync(session, last, cancellationToken);

    public async ValueTask OpenAsync(SinkSession session, CheckpointRef? last, CancellationToken cancellationToken)
    {
        this.session = session;
        var binding = await table.OpenAsync(session, last, log, cancellationToken);
        audit = new AuditColumns([.. binding.Columns.Select(column => column.Name)]);
        pending.Zoned = binding.Zoned;
        refused.Open(session);
        await Coded("making its temporary table", async () =>
        {
            await merge.OpenAsync(session, binding, cancellationToken);
            return true;
        });
    }

    public async ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        for (var next = 0; next < batch.Count;)
        {
            next = Collect(batch.Changes, next, out var isTruncate);
            await KeepAsync(cancellationToken);
            if (isTruncate)
            {
                await TruncateAsync(batch.Changes[next - 1], cancellationToken);
            }

            if (pending.IsFull)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (pending.Count == 0)
        {
            return;
        }

        pending.Stage();
        try
        {
            await session.BeginAsync(cancellationToken);
            await MergeAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            var culprit = error is PostgresException refusal && (RefusedRow.IsLookedFor(refusal) || RefusedRow.IsOfOthersToo(refusal)) ? await refused.NameAsync(refusal, cancellationToken) : default;
            throw PostgresSinkErrors.Of(error, $"Sink '{options.Name}' writing to {TableName} ({culprit.Row ?? pending.RangeName})", culprit.Column, TableName, session.Role);
        }

        pending.Written();
    }

    public void Dispose()
    {
        pending.Dispose();
        merge.Dispose();
    }

    private async ValueTask MergeAsync(CancellationToken cancellationToken)
    {
        if (options.OnError == OnError.Stop || pending.KeysMayOverlap)
        {
            await merge.RunAsync(null, cancellationToken);
            return;
        }

        rejected.AddRange(await refused.MergeOthersAsync(Count, cancellationToken));
        await KeepAsync(cancellationToken);
    }

    private void Count(RejectedChange change) => rejects.Count.Add(change, isKept: options.OnError == OnError.DeadLetter);

    private async ValueTask KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var change in options.OnError == OnError.DeadLetter ? rejected : [])
        {
            await Coded("setting a row aside", async () =>
            {
                await rejects.AddAsync(options.Name, change, cancellationToken);
                return true;
            });
        }

        rejected.Clear();
    }

    /// <summary>Takes changes until the buffer is full or a truncate comes.</summary>
    /// <returns>The index of the first change that was not taken.</returns>
    private int Collect(ReadOnlySpan<Change<T>> changes, int from, out bool isTruncate)
    {
        isTruncate = false;
        for (var index = from; index < changes.Length; index++)
        {
            ref readonly var change = ref changes[index];
            if (IsAppend)
            {
                pending.AppendChange(change, audit);
            }
            else if (change.Operation == Operation.Truncate)
            {
                isTruncate = true;
                return index + 1;
            }
            else
            {
                Take(change);
            }

            // The two halves of an update that gave the row another key stay together: the second may take columns from the first.
            if (pending.IsFull && (index + 1 == changes.Length || change.Operation != Operation.Delete))
            {
                return index + 1;
            }
        }

        return changes.Length;
    }

    private void Take(in Change<T> change)
    {
        if (change.Operation == Operation.Delete && !Allows(options.Deletes, nameof(PostgresSinkAttribute.Deletes), change))
        {
            pending.Ignore(change);
        }
        else if (!pending.AddByKey(change))
        {
            Reject(change, PostgresSinkErrors.NoRowToUpdate(options.Name, TableName, $"the row of {NameOf(change)}", change.Missing!.ToString(), change.Metadata.Table));
        }
    }

    private void Reject(in Change<T> change, CdcFlowException error)
    {
        if (options.OnError == OnError.Stop)
        {
            throw error;
        }

        rejected.Add(new RejectedChange
        {
            Node = options.Name,
            Metadata = change.Metadata,
            Operation = change.Operation,
            Code = error.Code,
            Cause = error.Happened,
            Key = RowEvidence<T, TCodec>.Key(change.Row),
            Row = RowEvidence<T, TCodec>.Row(change),
        });
        Count(rejected[^1]);
    }

    private async ValueTask TruncateAsync(Change<T> change, CancellationToken cancellationToken)
    {
        if (!Allows(options.Truncates, nameof(PostgresSinkAttribute.Truncates), change))
        {
            return;
        }

        pending.Forget(); // whatever it would write is removed now

        // Not TRUNCATE: that would lock readers out until the checkpoint is committed.
        await Coded($"emptying {TableName}", async () =>
        {
            await session.BeginAsync(cancellationToken);
            return await merge.EmptyAsync(cancellationToken);
        });
    }

    private bool Allows(RemovalMode mode, string setting, in Change<T> removal) => mode switch
    {
        RemovalMode.Apply => true,
        RemovalMode.Ignore => false,
        _ => throw PostgresSinkErrors.Refused(options.Name, $"the {(removal.Operation == Operation.Delete ? "delete" : "truncate")} of {NameOf(removal)}", setting),
    };

    private static string NameOf(in Change<T> change) =>
        $"{(change.Operation == Operation.Truncate ? "" : $"key {TCodec.Key(change.Row)}, ")}{change.Metadata.Table}, offset {change.Metadata.Offset}";

    private async ValueTask<TResult> Coded<TResult>(string doing, Func<ValueTask<TResult>> work)
    {
        try
        {
            return await work();
        }
        catch (NpgsqlException error)
        {
            throw PostgresSinkErrors.Of(error, $"Sink '{options.Name}' {doing}", table: TableName, role: session.Role);
        }
    }
}
