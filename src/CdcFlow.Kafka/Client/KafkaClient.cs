using System.Diagnostics;
using CdcFlow.Kafka.Connection;
using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>
/// One client of the package and the one thread that makes its blocking calls and serves it. Blocking calls are cut into short slices, with the
/// client served in between, so that each can be given up and none starves what comes back.
/// </summary>
internal sealed class KafkaClient<TClient> : IAsyncDisposable
    where TClient : class, IClient
{
    private const int SliceMs = 200;
    private const int IdleMs = 100;

    private readonly AutoResetEvent woken = new(false);
    private readonly ClientWork work;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private readonly ClientTrouble trouble = new();
    private readonly AccessTokens? tokens;
    private readonly Action<TClient> serve;

    private KafkaClient(KafkaConnectionSettings connection, ClientKind<TClient> kind, AccessTokens? tokens)
    {
        this.tokens = tokens;
        serve = kind.Serve;
        work = new ClientWork(() => woken.Set());
        Errors = new KafkaErrors(connection.ToString(), connection.Principal);
        Package = PackageClients.Create(connection, kind, error => trouble.Note(ClientError.Of(error)), tokens is null ? null : () => _ = RefreshTokenAsync());
    }

    /// <summary>For the client's own thread, and for those calls that the package takes from any.</summary>
    internal TClient Package { get; }

    internal KafkaErrors Errors { get; }

    /// <summary>Starts a client; nothing is connected yet.</summary>
    internal static async ValueTask<KafkaClient<TClient>> StartAsync(
        KafkaConnectionSettings connection, ClientKind<TClient> kind, AccessTokens? tokens, CancellationToken cancellationToken)
    {
        var token = tokens is null ? null : await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        var client = new KafkaClient<TClient>(connection, kind, tokens);
        if (token is not null)
        {
            client.LogInWith(token); // before the first connection: the broker asks for it then
        }

        new Thread(client.Run) { IsBackground = true, Name = $"kafka {kind.Name}" }.Start();
        return client;
    }

    /// <summary>Runs something on the client's thread, after what was given before.</summary>
    internal async ValueTask<TResult> RunAsync<TResult>(Func<TResult> call)
    {
        ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
        var result = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() => Complete(result, call));
        return await result.Task.ConfigureAwait(false);
    }

    /// <summary>Makes a call again and again until it does not time out, each time with a slice of time. On the client's thread.</summary>
    /// <param name="call">Takes milliseconds; null for success.</param>
    /// <param name="limit">After how long to give up with the last error.</param>
    /// <param name="cancellationToken">Gives up between two slices.</param>
    internal ClientError? Repeat(Func<int, ClientError?> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            ThrowIfEnded(cancellationToken);
            if (call(SliceMs) is not { } error)
            {
                return null;
            }

            serve(Package);
            if (!(error.Code is ErrorCode.Local_TimedOut || error.IsRetriable))
            {
                return error;
            }

            if (trouble.Refusal is not null || Stopwatch.GetElapsedTime(started) > limit)
            {
                return trouble.Explained(error);
            }
        }
    }

    /// <summary>Has the client call its handlers, and waits for a while if it is told to. On the client's thread.</summary>
    internal void Pause(int milliseconds)
    {
        _ = stopping.Token.WaitHandle.WaitOne(milliseconds);
        serve(Package);
    }

    /// <summary>The coded form of an error; where there is no token, that is the cause of every login that fails.</summary>
    internal KafkaException Coded(ClientError error, string subject, string? resource = null, bool isCreation = false) => trouble.TokenFailure is { } failure && error.Code is
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown
        ? failure
        : Errors.Of(error, subject, resource, isCreation);

    /// <summary>The error together with what the client last complained of, which is why nothing comes back.</summary>
    internal ClientError Explained(ClientError error) => trouble.Explained(error);

    /// <summary>Forgets complaints of before: a connection that works again explains nothing.</summary>
    internal void ForgetTrouble() => trouble.Forget();

    internal void ThrowIfEnded(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        stopping.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the thread, then the client; what is unsent is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!stopping.IsCancellationRequested)
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            work.Wake();
        }

        await ended.Task.ConfigureAwait(false);
    }

    private static void Complete<TResult>(TaskCompletionSource<TResult> result, Func<TResult> call)
    {
        try
        {
            result.SetResult(call());
        }
        catch (OperationCanceledException cancelled)
        {
            result.SetCanceled(cancelled.CancellationToken);
        }
        catch (Exception failure)
        {
            result.SetException(failure);
        }
    }

    private void Run()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                while (work.TryTake(out var next))
                {
                    next();
                }

                serve(Package);
                _ = woken.WaitOne(IdleMs);
            }

            work.End();
            while (work.TryTake(out var late))
            {
                late(); // each finds that the client has ended
            }

            Package.Dispose();
            stopping.Dispose();
            woken.Dispose();
            ended.SetResult();
        }
        catch (Exception failure)
        {
            ended.SetException(failure);
        }
    }

    // librdkafka asks at four fifths of a token's life, and ten seconds after a failure.
    private async Task RefreshTokenAsync()
    {
        try
        {
            var token = await tokens!.GetAsync(stopping.Token).ConfigureAwait(false);
            trouble.NoteToken(null);
            work.Reach(() => LogInWith(token)); // not after calls that wait for the login
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The client is ending.
        }
        catch (KafkaException failure)
        {
            trouble.NoteToken(failure);
            work.Reach(() => Package.OAuthBearerSetTokenFailure(failure.Happened));
        }
    }

    private void LogInWith(AccessToken token)
    {
        if (ClientError.OfCall(() => Package.OAuthBearerSetToken(token.Value, token.Expires.ToUnixTimeMilliseconds(), token.Principal)) is { } error)
        {
            throw new KafkaException(
                KafkaFailure.Refused, KafkaClientErrorCodes.Token, $"The access token cannot be used: {error.Text}.",
                "Have the authorization server give a bearer token as RFC 6750 has it, with a lifetime that is not over.", ErrorDomain.User);
        }
    }
}
