using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>Counts what became of the records of a producer without transactions, where nothing else tells of a record that was refused.</summary>
/// <remarks>Reports come on two threads at once while the package flushes.</remarks>
internal sealed class DeliveryTally
{
    private long handedOver;
    private long reported;
    private UndeliveredRecord? firstFailure;

    /// <summary>Records whose fate is not known yet.</summary>
    internal long Outstanding => Volatile.Read(ref handedOver) - Volatile.Read(ref reported);

    /// <summary>The first record that was not acknowledged.</summary>
    internal UndeliveredRecord? FirstFailure => Volatile.Read(ref firstFailure);

    /// <summary>A record was taken. The caller's thread alone adds to it.</summary>
    internal void Add() => Volatile.Write(ref handedOver, handedOver + 1);

    internal void Take(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            _ = Interlocked.CompareExchange(ref firstFailure, new UndeliveredRecord(ClientError.Of(report.Error), report.Topic, report.Partition.Value), null);
        }

        _ = Interlocked.Increment(ref reported);
    }
}

/// <summary>A record that was not acknowledged, and why.</summary>
internal sealed record UndeliveredRecord(ClientError Error, string Topic, int Partition);
