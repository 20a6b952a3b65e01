using System.Diagnostics;
using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>The transactions of one producer session. On the client's thread, but for <see cref="Failed"/>.</summary>
/// <param name="client">The producer.</param>
/// <param name="id">The transactional id, for messages.</param>
/// <param name="limit">After how long the broker aborts a transaction.</param>
/// <param name="timeout">How long a request is tried.</param>
internal sealed class TransactionSession(KafkaClient<IProducer<byte[]?, byte[]?>> client, string? id, TimeSpan limit, TimeSpan timeout)
{
    private long begun;

    /// <summary>Fences older sessions of the id; the broker answers once their last transaction is decided.</summary>
    internal bool Initialize(CancellationToken cancellationToken)
    {
        if (client.Repeat(ms => ClientError.OfCall(() => client.Package.InitTransactions(TimeSpan.FromMilliseconds(ms))), timeout, cancellationToken) is { } error)
        {
            throw client.Coded(error, $"opening a producer of transactional id '{id}'", Family(id));
        }

        client.ForgetTrouble();
        return true;
    }

    internal bool Begin()
    {
        begun = Stopwatch.GetTimestamp();
        return ClientError.OfCall(client.Package.BeginTransaction) is { } error ? throw Coded(error, "beginning a transaction") : true;
    }

    /// <summary>Commits. What fails before is not committed; whatever fails from then on may have happened, and only the marker tells: the client's own
    /// timeout may pass while the answer is on its way.</summary>
    internal bool Commit(CancellationToken cancellationToken)
    {
        if (Failure() is { } before)
        {
            var coded = Coded(before, "committing a transaction");
            throw IsDecided(coded) ? coded : client.Errors.NotCommitted(before);
        }

        try
        {
            var error = client.Repeat(ms => ClientError.OfCall(() => client.Package.CommitTransaction(TimeSpan.FromMilliseconds(ms))), limit, cancellationToken);
            return error is null ? true : throw CommitFailure(error);
        }
        catch (OperationCanceledException)
        {
            throw client.Errors.OutcomeUnknown("waiting for the answer was given up");
        }
    }

    internal bool Abort(CancellationToken cancellationToken)
    {
        var error = client.Repeat(ms => ClientError.OfCall(() => client.Package.AbortTransaction(TimeSpan.FromMilliseconds(ms))), timeout, cancellationToken);
        return error is null ? true : throw Coded(error, "aborting a transaction");
    }

    /// <summary>The coded form of what the open transaction has failed with; null while it can still be committed.</summary>
    internal KafkaException? Failed(string subject) => Failure() is { } error ? Coded(error, subject) : null;

    /// <summary>The coded form of an error of this session.</summary>
    internal KafkaException Coded(ClientError error, string subject, string? topic = null)
    {
        if (error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_MsgTimedOut && error.RequiresAbort)
        {
            return client.Errors.NotAcknowledged(client.Explained(error) with { Text = error.Text }, subject);
        }

        var coded = client.Coded(error, subject, topic);
        return coded.Failure == KafkaFailure.Fenced && HasTimedOut ? client.Errors.TransactionTimedOut(limit) : coded;
    }

    // A pipeline has several ids that differ after the last dot; a right to one alone is soon found wanting.
    private static string? Family(string? id) => id?.LastIndexOf('.') is > 0 and var dot ? $"{id[..(dot + 1)]} --resource-pattern-type prefixed" : id;

    // The broker says "fenced" also to a session whose transaction it has aborted for its age.
    private bool HasTimedOut => begun != 0 && Stopwatch.GetElapsedTime(begun) >= limit;

    // To begin a transaction within one is refused, and the refusal says what has become of it: that it is open, or what it failed with.
    private ClientError? Failure() =>
        ClientError.OfCall(client.Package.BeginTransaction) is { Code: not ErrorCode.Local_State } error
            ? error with { RequiresAbort = true }
            : null;

    private KafkaException CommitFailure(ClientError error)
    {
        var coded = Coded(error, "committing a transaction");
        return IsDecided(coded) ? coded : client.Errors.OutcomeUnknown($"{error.Text} ({error.Name})");
    }

    private static bool IsDecided(KafkaException error) => error.Failure == KafkaFailure.Fenced || error.Code == KafkaClientErrorCodes.TransactionTimedOut;
}
