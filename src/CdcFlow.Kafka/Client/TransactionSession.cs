using System.Diagnostics;
using CdcFlow.Kafka.Client.Native;

namespace CdcFlow.Kafka.Client;

/// <summary>The transactions of one producer session. On the client's thread.</summary>
/// <param name="client">The producer.</param>
/// <param name="ends">Its requests to end a transaction.</param>
/// <param name="limit">After how long the broker aborts a transaction.</param>
/// <param name="timeout">How long a request is tried.</param>
internal sealed class TransactionSession(NativeClient client, EndRequests ends, TimeSpan limit, TimeSpan timeout)
{
    private long begun;

    /// <summary>Fences older sessions of the id; the broker answers once their last transaction is decided.</summary>
    internal unsafe bool Initialize(CancellationToken cancellationToken)
    {
        if (client.Repeat(ms => NativeError.Take(Librdkafka.InitTransactions(client.Pointer, ms)), timeout, cancellationToken) is { } error)
        {
            throw client.Errors.Of(Cause(error), "opening a producer");
        }

        client.ForgetTrouble();
        return true;
    }

    internal unsafe bool Begin()
    {
        begun = Stopwatch.GetTimestamp();
        return NativeError.Take(Librdkafka.BeginTransaction(client.Pointer)) is { } error
            ? throw Coded(error, "beginning a transaction")
            : true;
    }

    internal unsafe bool Commit(CancellationToken cancellationToken)
    {
        var endsBefore = ends.Sent;
        try
        {
            var error = client.Repeat(ms => NativeError.Take(Librdkafka.CommitTransaction(client.Pointer, ms)), limit, cancellationToken);
            return error is { } failed ? throw CommitFailure(failed, wasSent: ends.Sent != endsBefore) : true;
        }
        catch (OperationCanceledException)
        {
            throw client.Errors.OutcomeUnknown("waiting for the answer was given up");
        }
    }

    internal unsafe bool Abort(CancellationToken cancellationToken)
    {
        // It drops what is queued, and then waits for reports that are taken between its slices only.
        var error = client.Repeat(ms => NativeError.Take(Librdkafka.AbortTransaction(client.Pointer, ms)), timeout, cancellationToken);
        return error is { } failed ? throw Coded(failed, "aborting a transaction") : true;
    }

    /// <summary>The coded form of an error of this session.</summary>
    internal KafkaException Coded(NativeError error, string subject)
    {
        var cause = Cause(error);
        var coded = client.Errors.Of(cause, subject);
        return coded.Failure == KafkaFailure.Fenced && HasTimedOut ? client.Errors.TransactionTimedOut(limit) : coded;
    }

    // The broker says "fenced" also to a session whose transaction it has aborted for its age.
    private bool HasTimedOut => begun != 0 && Stopwatch.GetElapsedTime(begun) >= limit;

    private KafkaException CommitFailure(NativeError error, bool wasSent)
    {
        var coded = Coded(error, "committing a transaction");
        return coded.Failure == KafkaFailure.Fenced || coded.Code == KafkaClientErrorCodes.TransactionTimedOut ? coded
            : wasSent || !error.RequiresAbort ? client.Errors.OutcomeUnknown($"{error.Text} ({error.Name})")
            : client.Errors.NotCommitted(error);
    }

    // A fatal error's own code says only that it is fatal, and records that were dropped for it only that they were dropped.
    private unsafe NativeError Cause(NativeError error)
    {
        if (!error.IsFatal && error.Code is not (ErrorCode.Fatal or ErrorCode.PurgedFromQueue or ErrorCode.PurgedInFlight))
        {
            return error;
        }

        var text = stackalloc byte[512];
        var code = Librdkafka.FatalError(client.Pointer, text, 512);
        return NativeError.Of(code, text) ?? error;
    }
}
