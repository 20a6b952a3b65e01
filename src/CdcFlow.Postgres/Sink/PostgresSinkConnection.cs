using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>All sinks of one database: their writes and the marker are one transaction per checkpoint.</summary>
internal sealed class PostgresSinkConnection : ISinkConnection, ISinkRejects
{
    private static readonly TimeSpan leavePatience = TimeSpan.FromSeconds(5);

    private readonly ConnectorContext context;
    private readonly PostgresSinkConnectionOptions options;
    private readonly MarkerTable marker;
    private readonly RejectsTable rejects;
    private readonly string connectionString;
    private readonly List<IPostgresSinkWriter> writers = [];
    private readonly List<TableId> emptied = [];
    private readonly ConnectionSettings shared;
    private SinkSession? session;
    private CheckpointRef? prepared;
    private SinkOpenContext? opened;

    private PostgresSinkConnection(ConnectorContext context, string connectionString, PostgresSinkConnectionOptions options)
    {
        this.context = context;
        this.connectionString = connectionString;
        this.options = options;
        shared = new ConnectionSettings(
            context.Connection, context.Settings, options.Named, PostgresSinkConnectionOptions.Resolve(new PostgresSinkAttribute(context.Connection), ConnectorSettings.None).Named);
        marker = new MarkerTable(options.MarkerSchema, context.Pipeline);
        rejects = new RejectsTable(options.MarkerSchema, context.Pipeline, () => Session);
    }

    public SinkKind Kind => SinkKind.Transactional;

    public ISinkRejects Rejects => this;

    private IReadOnlyList<PostgresSinkOptions> Sinks => [.. writers.Select(writer => writer.Options)];

    private SinkSession Session => session ?? throw new InvalidOperationException("The sink connection is not open.");

    public static PostgresSinkConnection Create(PostgresSinkAttribute first, ConnectorContext context) => new(
        context,
        context.ConnectionString ?? throw PostgresSinkErrors.NotConfigured(context.Connection),
        PostgresSinkConnectionOptions.Resolve(first, context.Settings));

    public IEnumerable<string> KeepingSinks => writers.Select(writer => writer.NameIfKeeping).OfType<string>();

    public IEnumerable<string> UpdatingSinks => writers.Select(writer => writer.NameIfUpdating).OfType<string>();

    public SinkContent? ContentOf(string sink) => writers.Find(writer => writer.Options.Name == sink)?.Content;

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        shared.Require(name, settings, PostgresSinkConnectionOptions.Resolve((PostgresSinkAttribute)attribute, settings).Named);
        var sink = PostgresSinkOptions.Resolve((PostgresSinkAttribute)attribute, name, TCodec.Schema, settings);
        if (sink.RemovesRows)
        {
            emptied.Add(sink.Table);
        }

        var writer = new PostgresSinkWriter<T, TCodec>(sink, writers.Count, emptied, rejects, context.Log);
        writers.Add(writer);
        return writer;
    }

    public async ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken)
    {
        List<PreflightCheck> checks = [];
        List<ConnectorPlace> places = [];
        try
        {
            await using var probe = await ConnectAsync(cancellationToken);
            checks.Add(new PreflightCheck("connection", PreflightStatus.Passed, "The server answers."));
            checks.AddRange(await Coded("checking its tables", () => CheckTablesAsync(probe, cancellationToken)));
            places = await Coded("looking where its tables are", () => PlacesAsync(probe, cancellationToken));
        }
        catch (CdcFlowException error) when (!error.IsTransient)
        {
            checks.Add(new PreflightCheck("connection", PreflightStatus.Failed, error.Happened, error.Code, error.Fix));
        }

        return new PreflightReport($"sink {context.Connection}", checks) { Places = places };
    }

    public async ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken)
    {
        await using var probe = await ConnectAsync(cancellationToken);
        return await Coded("reading its marker", () => marker.FindAsync(probe, cancellationToken));
    }

    public async ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken)
    {
        await using var probe = await ConnectAsync(cancellationToken);
        return await Coded("looking for what the pipeline has left", async () =>
            (IReadOnlyList<PipelineTrace>)[await marker.TraceAsync(probe, scope, RemoveAsync, cancellationToken), await rejects.TraceAsync(probe, scope, RemoveAsync, cancellationToken)]);
    }

    public async ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext open, CancellationToken cancellationToken)
    {
        opened = open;
        session = await ConnectAsync(cancellationToken);
        return await Coded("opening", async () =>
        {
            await SinkServerChecks.RequirePrimaryAsync(session, context.Connection, cancellationToken);
            await marker.EnsureAsync(session, cancellationToken);
            var last = await marker.FenceAsync(session, open, isAgain: false, cancellationToken);
            await rejects.OpenAsync(session, open.RejectCount, cancellationToken);
            foreach (var writer in writers)
            {
                await writer.OpenAsync(session, last, cancellationToken);
            }

            await marker.KeepTablesAsync(session, Sinks, cancellationToken);
            return last;
        });
    }

    public async ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        foreach (var writer in writers)
        {
            await writer.FlushAsync(cancellationToken);
        }

        await Coded("checking deferred constraints", async () =>
        {
            await Session.BeginAsync(cancellationToken);
            return await Session.ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE", cancellationToken);
        });
        prepared = checkpoint;
        return Committable.None;
    }

    public async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        if (prepared != permit.Checkpoint)
        {
            await RequireCommittedAsync(permit.Checkpoint, cancellationToken);
            return;
        }

        prepared = null;
        try
        {
            await marker.AdvanceAsync(Session, opened!.Store, permit.Checkpoint, cancellationToken);
            await Session.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException broken) when (Session.IsBroken)
        {
            await SettleAsync(permit.Checkpoint, broken, cancellationToken);
        }
        catch (NpgsqlException refused)
        {
            throw PostgresSinkErrors.Of(refused, $"Sink connection '{context.Connection}' committing {permit.Checkpoint}");
        }
    }

    public void Require(string sink) => rejects.Require();

    public async ValueTask AddAsync(string sink, RejectedChange rejected, CancellationToken cancellationToken) =>
        await Coded("setting a change aside", async () =>
        {
            await rejects.AddAsync(sink, rejected, cancellationToken);
            return true;
        });

    public async ValueTask<RejectList> ListAsync(int max, CancellationToken cancellationToken)
    {
        await using var reading = await ConnectAsync(cancellationToken);
        return new RejectList(await Coded("reading its table of rejects", () => rejects.ListAsync(reading, max, cancellationToken)));
    }

    public async ValueTask<long?> CountAsync(CancellationToken cancellationToken)
    {
        await using var reading = await ConnectAsync(cancellationToken);
        return await Coded("counting its rejects", () => rejects.CountAsync(reading, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        writers.ForEach(writer => writer.Dispose());
        if (session is not null)
        {
            await LeaveAsync(session);
            await session.DisposeAsync();
        }
    }

    private async ValueTask LeaveAsync(SinkSession left)
    {
        if (left.IsBroken)
        {
            return;
        }

        try
        {
            using var patience = new CancellationTokenSource(leavePatience, context.Time);
            await left.RollbackAsync(patience.Token);
            await marker.LeaveAsync(left, opened!.Epoch, patience.Token);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or OperationCanceledException)
        {
            // A courtesy to whom a pooler gives the session. An error here would hide the one that ended the run.
        }
    }

    /// <summary>The connection broke during commit: the marker tells what became of it, once the old session has ended.</summary>
    private async ValueTask SettleAsync(CheckpointRef checkpoint, NpgsqlException broken, CancellationToken cancellationToken)
    {
        CheckpointRef? last;
        try
        {
            await session!.DisposeAsync();
            session = await ConnectAsync(cancellationToken);
            last = await marker.FenceAsync(session, opened!, isAgain: true, cancellationToken); // waits for the row that the old session has locked
            foreach (var writer in writers)
            {
                await writer.OpenAsync(session, last, cancellationToken);
            }
        }
        catch (Exception error) when (error is NpgsqlException or CdcFlowException { IsFenced: false })
        {
            throw PostgresSinkErrors.Unknown(checkpoint, error);
        }

        if (last != checkpoint)
        {
            throw PostgresSinkErrors.Lost(checkpoint, broken);
        }
    }

    private async ValueTask RequireCommittedAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        var last = await Coded("reading its marker", () => marker.ReadAsync(Session, cancellationToken));
        if (last != checkpoint)
        {
            throw PostgresSinkErrors.Uncommitted(checkpoint, last, marker.RestoreSql(checkpoint));
        }
    }

    private async ValueTask RemoveAsync(Func<SinkSession, ValueTask<int>> work, CancellationToken cancellationToken)
    {
        await using var removing = await ConnectAsync(cancellationToken);
        await Coded("taking away what the pipeline has left", () => work(removing));
    }

    private async ValueTask<IReadOnlyList<PreflightCheck>> CheckTablesAsync(SinkSession probe, CancellationToken cancellationToken)
    {
        await SinkServerChecks.RequirePrimaryAsync(probe, context.Connection, cancellationToken);
        List<PreflightCheck> checks = [.. await SinkServerChecks.RunAsync(probe, cancellationToken), .. await marker.CheckAsync(probe, cancellationToken), .. await rejects.CheckAsync(probe, cancellationToken)];
        var last = (await marker.FindAsync(probe, cancellationToken))?.Checkpoint;
        foreach (var writer in writers)
        {
            checks.AddRange(await writer.CheckAsync(probe, last, cancellationToken));
        }

        return [.. checks, .. await marker.CheckTablesAsync(probe, Sinks, cancellationToken)];
    }

    private async ValueTask<List<ConnectorPlace>> PlacesAsync(SinkSession probe, CancellationToken cancellationToken)
    {
        List<ConnectorPlace> places = [];
        foreach (var options in Sinks)
        {
            var addresses = await probe.QueryAsync(TablePlaces.ListSql(options.Table), reader => reader.GetString(0), cancellationToken);
            places.AddRange(addresses.Select(address => new ConnectorPlace(
                address, $"table {SinkSql.Quoted(options.Table)}", options.Name,
                $"Set Table or Schema of sink '{options.Name}' to another one (CdcFlow:{context.Pipeline}:Sinks:{options.Name}:Table), or ConnectionStrings:{context.Connection} to another database.")
            {
                // Appended changes say themselves which table they are of.
                IsShareable = options.Mode == PostgresSinkMode.Append,
            }));
        }

        return places;
    }

    private ValueTask<SinkSession> ConnectAsync(CancellationToken cancellationToken) =>
        Coded("connecting", () => SinkSession.OpenAsync(connectionString, options.LockTimeoutSeconds, $"Sink connection '{context.Connection}' connecting", cancellationToken));

    private async ValueTask<TResult> Coded<TResult>(string doing, Func<ValueTask<TResult>> work)
    {
        try
        {
            return await work();
        }
        catch (NpgsqlException error)
        {
            throw PostgresSinkErrors.Of(error, $"Sink connection '{context.Connection}' {doing}");
        }
    }
}
