using Npgsql;

namespace CdcFlow.Postgres.Source.Tests.Conformance;

/// <summary>Commits wait for a standby that does not exist: they are in the log, and nobody sees them.</summary>
internal sealed class StalledCommits : IAsyncDisposable
{
    private readonly NpgsqlConnection control;
    private readonly Action ended;
    private readonly List<Task> commits = [];

    private StalledCommits(NpgsqlConnection control, Action ended) => (this.control, this.ended) = (control, ended);

    public static async Task<StalledCommits> BeginAsync(NpgsqlDataSource connections, Action ended, CancellationToken cancellationToken)
    {
        var begun = new StalledCommits(await connections.OpenConnectionAsync(cancellationToken), ended);
        await begun.SetAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "nobody");
        return begun;
    }

    /// <summary>Starts a transaction and returns when its commit waits.</summary>
    /// <param name="commit">The transaction; tells the process that carries it out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AddAsync(Func<Action<int>, Task> commit, CancellationToken cancellationToken)
    {
        var process = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var committing = commit(id => process.TrySetResult(id));
        commits.Add(committing);
        await Task.WhenAny(process.Task, committing);
        while (!committing.IsCompleted && !await AnswersAsync($"SELECT FROM pg_stat_activity WHERE pid = {await process.Task} AND wait_event = 'SyncRep'"))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        ended();
        await SetAsync("ALTER SYSTEM RESET synchronous_standby_names", "");
        await Task.WhenAll(commits);
        await control.DisposeAsync();
    }

    private async Task SetAsync(string statement, string value)
    {
        await ExecuteAsync(statement);
        await ExecuteAsync("SELECT pg_reload_conf()");
        while (!await AnswersAsync($"SELECT WHERE current_setting('synchronous_standby_names') = '{value}'"))
        {
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, control);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<bool> AnswersAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, control);
        await using var reader = await command.ExecuteReaderAsync();
        return reader.HasRows;
    }
}
