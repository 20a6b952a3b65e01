using CdcFlow.Kafka.Client.Native;
using CdcFlow.Kafka.Connection;
using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>A producer session over the package. In a transaction the transaction itself tells what became of its records; outside, each is reported on.</summary>
internal sealed class KafkaProducer : IKafkaProducer
{
    // A flush that waits for longer wakes up every 10 ms only; and while it flushes, librdkafka spins on what may not be sent yet.
    private static readonly TimeSpan flushSlice = TimeSpan.FromMilliseconds(2);

    private const int SlicesPerLook = 50;
    private const int ReportWaitMs = 5;

    private readonly KafkaClient<IProducer<byte[]?, byte[]?>> client;
    private readonly TransactionSession session;
    private readonly PartitionProof proof;
    private readonly DeliveryTally? tally;
    private readonly IRecordWriter writer;
    private bool isDisposed;

    private KafkaProducer(KafkaClient<IProducer<byte[]?, byte[]?>> client, TransactionSession session, PartitionProof proof, bool hasReports, Librdkafka? native)
    {
        this.client = client;
        this.session = session;
        this.proof = proof;
        tally = hasReports ? new DeliveryTally() : null;
        writer = native is null ? new PackageRecordWriter(client.Package, tally is null ? null : tally.Take) : new NativeRecordWriter(native, client.Package);
    }

    internal static async ValueTask<KafkaProducer> OpenAsync(
        KafkaConnectionSettings connection, AccessTokens? tokens, ProducerOptions options, PartitionProof proof, CancellationToken cancellationToken)
    {
        var client = await KafkaClient<IProducer<byte[]?, byte[]?>>.StartAsync(
            connection, PackageClients.Producer(options, connection.Timeout), tokens, cancellationToken).ConfigureAwait(false);
        var hasReports = options.TransactionalId is null;
        var session = new TransactionSession(client, options.TransactionalId, options.TransactionTimeout, connection.Timeout);
        var producer = new KafkaProducer(client, session, proof, hasReports, hasReports || options.UsesPackageProduce ? null : Librdkafka.Find());
        try
        {
            if (!hasReports)
            {
                await client.RunAsync(() => session.Initialize(cancellationToken)).ConfigureAwait(false);
            }

            return producer;
        }
        catch
        {
            await producer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether records go through the native handle.</summary>
    internal bool IsNative => writer is NativeRecordWriter;

    public async ValueTask BeginAsync(CancellationToken cancellationToken) => await client.RunAsync(session.Begin).ConfigureAwait(false);

    public ProduceResult TryProduce(in KafkaRecord record)
    {
        if (tally?.FirstFailure is { } failure)
        {
            throw NotDelivered(failure);
        }

        switch (writer.TryWrite(record))
        {
            case null:
                Note(record);
                return ProduceResult.Accepted;
            case { Code: ErrorCode.Local_QueueFull }:
                return ProduceResult.QueueFull;
            case { Code: ErrorCode.MsgSizeTooLarge }:
                return ProduceResult.TooLarge;
            case { Code: ErrorCode.Local_State or ErrorCode.Local_Fatal } when tally is null && session.Failed("writing") is { } cause:
                throw cause;
            case var error:
                throw session.Coded(error, $"writing to {record.Topic} [{record.Partition}]", record.Topic.Name);
        }
    }

    public async ValueTask RoomAsync(CancellationToken cancellationToken) =>
        await client.RunAsync(() => tally is null ? Drain(3, 4, cancellationToken) : Report(tally, tally.Outstanding * 3 / 4, cancellationToken)).ConfigureAwait(false);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (tally is not null)
        {
            await client.RunAsync(() => Report(tally, 0, cancellationToken)).ConfigureAwait(false);
            return;
        }

        await client.RunAsync(() => Drain(0, 1, cancellationToken)).ConfigureAwait(false);
        await RequirePartitionsAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.RunAsync(() => session.Commit(cancellationToken)).ConfigureAwait(false);
        }
        catch
        {
            proof.Forget(); // a partition that has gone since is named by the next session
            throw;
        }
    }

    public async ValueTask AbortAsync(CancellationToken cancellationToken) =>
        await client.RunAsync(() => session.Abort(cancellationToken)).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            writer.Dispose();
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Note(in KafkaRecord record)
    {
        if (tally is null)
        {
            proof.Note(record);
        }
        else
        {
            tally.Add();
        }
    }

    private async ValueTask RequirePartitionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await proof.FindMissingAsync(cancellationToken).ConfigureAwait(false) is { } missing)
            {
                throw client.Errors.Of(missing.Error, $"writing to {missing.Topic} [{missing.Partition}]", missing.Topic);
            }
        }
        catch (KafkaException silence) when (silence.Failure == KafkaFailure.Unreachable)
        {
            // A record whose topic the client could not look up has left the queue unsent.
            throw client.Errors.NotAcknowledged(new ClientError(ErrorCode.Local_MsgTimedOut, silence.Happened.TrimEnd('.')), "writing");
        }
    }

    // Waits until no more than a part of what is in the queue now is left there.
    private bool Drain(int numerator, int denominator, CancellationToken cancellationToken)
    {
        long atMost = -1;
        for (var slice = 1; ; slice++)
        {
            long left = client.Package.Flush(flushSlice);
            atMost = atMost < 0 ? left * numerator / denominator : atMost;
            var isDone = left <= atMost;
            if ((isDone || slice % SlicesPerLook == 0) && session.Failed("writing") is { } cause)
            {
                throw cause;
            }

            if (isDone)
            {
                return true;
            }

            client.ThrowIfEnded(cancellationToken);
        }
    }

    private bool Report(DeliveryTally counted, long atMost, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (counted.FirstFailure is { } failure)
            {
                throw NotDelivered(failure);
            }

            if (counted.Outstanding <= atMost)
            {
                return true;
            }

            client.ThrowIfEnded(cancellationToken);
            // Full batches go by themselves; this is for what lingers.
            _ = client.Package.Flush(TimeSpan.FromMilliseconds(ReportWaitMs));
        }
    }

    private KafkaException NotDelivered(UndeliveredRecord record)
    {
        var subject = $"writing to {record.Topic} [{record.Partition}]";
        return record.Error.Code is ErrorCode.Local_MsgTimedOut ? client.Errors.NotAcknowledged(client.Explained(record.Error), subject) : client.Coded(record.Error, subject, record.Topic);
    }
}
