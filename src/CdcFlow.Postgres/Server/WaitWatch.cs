using CdcFlow.Configuration;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>Looks after statements that take long: says what they wait for, and ends those whose server has fallen silent.</summary>
/// <remarks>Thread-safe. It looks on a connection of its own: that of the statement is busy.</remarks>
internal sealed class WaitWatch(Func<CancellationToken, PostgresConnection> open, IConnectorLog log, TimeProvider time, CancellationToken stopping)
{
    /// <summary>How long a wait may go on before it is told.</summary>
    internal static readonly TimeSpan After = TimeSpan.FromSeconds(5);

    /// <summary>How often a statement that goes on is looked after.</summary>
    private static readonly TimeSpan every = TimeSpan.FromSeconds(30);

    private const int SilentAfter = 2;

    /// <summary>Runs a statement.</summary>
    /// <param name="connection">What it runs on.</param>
    /// <param name="what">What is done, as the beginning of a sentence.</param>
    /// <param name="statement">Does it.</param>
    internal TResult Watch<TResult>(PostgresConnection connection, string what, Func<TResult> statement)
    {
        var watched = new Watched(connection, what);
        using var timer = time.CreateTimer(_ => Look(watched), null, After, every);
        return statement();
    }

    /// <inheritdoc cref="Watch{TResult}"/>
    internal void Watch(PostgresConnection connection, string what, Action statement) => Watch(connection, what, () =>
    {
        statement();
        return true;
    });

    /// <summary>Says once what a loop waits for, when it has gone on for long enough.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="started">When it began, by that clock.</param>
    /// <param name="describe">What it waits for, and the way out.</param>
    /// <returns>Whether it is told.</returns>
    internal static bool Tell(IConnectorLog log, TimeProvider time, long started, Func<string> describe)
    {
        if (time.GetElapsedTime(started) < After)
        {
            return false;
        }

        log.Warning(PostgresWireErrorCodes.Waits, describe());
        return true;
    }

    // Whether this server answers at all is known when it lets another session in; one that cannot be had twice is no accident.
    private void Look(Watched watched)
    {
        try
        {
            using var watching = open(stopping);
            watched.Refusals = 0;
            if (!watched.IsTold && Blockers.Of(watching, watched.Connection.ProcessId) is { } blockers)
            {
                watched.IsTold = true;
                log.Warning(PostgresWireErrorCodes.Waits, $"{watched.What} waits for {blockers}.");
            }
        }
        catch (PostgresTransportException e)
        {
            if (++watched.Refusals == SilentAfter)
            {
                watched.Connection.Abandon(new PostgresTransportException($"{watched.What} got no answer, and the server lets no other session in: {e.Happened}", e));
            }
        }
        catch (Exception e) when (e is CdcFlowException or OperationCanceledException)
        {
            // It answers, if only to refuse a session more; the statement goes on.
        }
    }

    private sealed class Watched(PostgresConnection connection, string what)
    {
        internal PostgresConnection Connection { get; } = connection;

        internal string What { get; } = what;

        internal bool IsTold { get; set; }

        internal int Refusals { get; set; }
    }
}
