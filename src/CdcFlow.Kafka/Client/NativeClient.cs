using System.Diagnostics;
using CdcFlow.Kafka.Client.Native;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Client;

/// <summary>
/// One librdkafka client and the one thread that makes its blocking calls and takes its events. Blocking calls are cut into short slices,
/// with events taken in between, so that each can be given up and none starves what comes back.
/// </summary>
internal sealed class NativeClient : IAsyncDisposable
{
    private const int SliceMs = 200;
    private const int IdleMs = 1000;

    private readonly ClientWork work;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private readonly AccessTokens? tokens;
    private readonly EndRequests? ends;
    private readonly IDeliveryObserver? deliveries;
    private readonly unsafe Queue* events;
    private NativeError? trouble;

    private unsafe NativeClient(ClientHandle* pointer, KafkaConnectionSettings connection, ClientRole role, AccessTokens? tokens)
    {
        Pointer = pointer;
        events = Librdkafka.MainQueue(pointer);
        work = new ClientWork(StopPolling);
        Errors = new KafkaErrors(connection.ToString());
        ends = role.Ends;
        deliveries = role.Deliveries;
        this.tokens = tokens;
    }

    /// <summary>For the client's own thread, and for those calls that librdkafka takes from any.</summary>
    internal unsafe ClientHandle* Pointer { get; }

    internal KafkaErrors Errors { get; }

    /// <summary>Starts a client; nothing is connected yet.</summary>
    internal static async ValueTask<NativeClient> StartAsync(
        KafkaConnectionSettings connection, ClientRole role, AccessTokens? tokens, CancellationToken cancellationToken)
    {
        var token = tokens is null ? null : await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        var client = Create(connection, role, tokens);
        if (token is not null)
        {
            client.LogInWith(token); // before the first connection: the broker asks for it then
        }

        new Thread(client.Run) { IsBackground = true, Name = $"kafka {role.Type}" }.Start();
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
    internal NativeError? Repeat(Func<int, NativeError?> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            ThrowIfEnded(cancellationToken);
            if (call(SliceMs) is not { } error)
            {
                return null;
            }

            Pump(0);
            if (!(error.Code is ErrorCode.TimedOut || error.IsRetriable))
            {
                return error;
            }

            if (Refusal is { } refusal || Stopwatch.GetElapsedTime(started) > limit)
            {
                return Explained(error);
            }
        }
    }

    /// <summary>Takes the events that are there, waiting for the first. On the client's thread.</summary>
    internal unsafe void Pump(int timeoutMs)
    {
        for (var next = Librdkafka.QueuePoll(events, timeoutMs); next is not null; next = Librdkafka.QueuePoll(events, 0))
        {
            Take(next);
            Librdkafka.EventDestroy(next);
        }
    }

    /// <summary>A login or a certificate was refused: to go on waiting changes nothing.</summary>
    internal NativeError? Refusal => trouble is { } cause
        && (cause.Code == ErrorCode.Authentication || (cause.Code == ErrorCode.Ssl && cause.Text.Contains("certificate", StringComparison.Ordinal)))
        ? cause
        : null;

    /// <summary>The error together with what the client last complained of, which is why nothing comes back.</summary>
    internal NativeError Explained(NativeError error) =>
        trouble is { } cause ? error with { Code = cause.Code, Text = cause.Text } : error;

    /// <summary>Forgets complaints of before: a connection that works again explains nothing.</summary>
    internal void ForgetTrouble() => trouble = null;

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

    private static unsafe NativeClient Create(KafkaConnectionSettings connection, ClientRole role, AccessTokens? tokens) =>
        new(ClientConfiguration.Create(connection, role), connection, role, tokens);

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

                Pump(IdleMs);
            }

            work.End();
            while (work.TryTake(out var late))
            {
                late(); // each finds that the client has ended
            }

            Destroy();
            ended.SetResult();
        }
        catch (Exception failure)
        {
            ended.SetException(failure);
        }
    }

    private unsafe void Destroy()
    {
        Librdkafka.QueueDestroy(events);
        Librdkafka.Destroy(Pointer);
        ends?.Dispose();
        stopping.Dispose();
    }

    private unsafe void StopPolling() => Librdkafka.QueueYield(events);

    private unsafe void Take(Event* next)
    {
        switch (Librdkafka.TypeOf(next))
        {
            case EventType.DeliveryReports:
                deliveries!.Take(next);
                break;
            case EventType.Error:
                Note(Librdkafka.EventError(next), Librdkafka.EventErrorText(next));
                break;
            case EventType.TokenRefresh:
                _ = RefreshTokenAsync();
                break;
        }
    }

    // What follows from a complaint explains less than it: a refused login ends in a broken connection, that in no broker being up.
    private unsafe void Note(ErrorCode code, byte* text)
    {
        if (trouble is null || (code != ErrorCode.AllBrokersDown && Refusal is null))
        {
            trouble = NativeError.Of(code, text);
        }
    }

    // librdkafka asks at four fifths of a token's life, and ten seconds after a failure.
    private async Task RefreshTokenAsync()
    {
        try
        {
            var token = await tokens!.GetAsync(stopping.Token).ConfigureAwait(false);
            work.Reach(() => LogInWith(token)); // not after calls that wait for the login
        }
        catch (OperationCanceledException)
        {
            // The client is ending.
        }
        catch (CdcFlowException failure)
        {
            await RunAsync(() => GiveUpToken(failure.Happened)).ConfigureAwait(false);
        }
    }

    private unsafe bool GiveUpToken(string reason) => Librdkafka.SetTokenFailure(Pointer, reason) == ErrorCode.None;

    private unsafe void LogInWith(AccessToken token)
    {
        var error = stackalloc byte[256];
        if (Librdkafka.SetToken(Pointer, token.Value, token.Expires.ToUnixTimeMilliseconds(), token.Principal, null, 0, error, 256) != ErrorCode.None)
        {
            throw new KafkaException(KafkaFailure.Refused, KafkaClientErrorCodes.Token, $"The access token cannot be used: {Librdkafka.Text(error)}.");
        }
    }
}

/// <summary>What a client is for.</summary>
/// <param name="Type">Producer, or everything else.</param>
/// <param name="Settings">librdkafka's settings for it.</param>
/// <param name="Ends">Told of its requests; the client disposes it.</param>
/// <param name="Deliveries">Told what became of records; a producer has it.</param>
internal sealed record ClientRole(
    ClientType Type, IReadOnlyDictionary<string, string> Settings, EndRequests? Ends = null, IDeliveryObserver? Deliveries = null);

/// <summary>Learns what became of records. On the client's thread.</summary>
internal interface IDeliveryObserver
{
    /// <summary>An event with delivery reports.</summary>
    unsafe void Take(Event* reports);
}
