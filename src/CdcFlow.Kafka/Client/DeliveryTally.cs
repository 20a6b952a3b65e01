using System.Runtime.CompilerServices;
using CdcFlow.Kafka.Client.Native;

namespace CdcFlow.Kafka.Client;

/// <summary>Counts what became of the records of a producer: that the queue is empty does not say that everything arrived.</summary>
internal sealed class DeliveryTally : IDeliveryObserver
{
    private const int ReportsAtOnce = 256;

    private long handedOver;
    private long acknowledged;
    private long failed;

    /// <summary>Records that librdkafka took. The caller's thread alone adds to it.</summary>
    internal long HandedOver => Volatile.Read(ref handedOver);

    /// <summary>Records whose fate is not known yet.</summary>
    internal long Outstanding => Volatile.Read(ref handedOver) - Reported;

    /// <summary>Records that were acknowledged or given up.</summary>
    internal long Reported => Volatile.Read(ref acknowledged) + Volatile.Read(ref failed);

    /// <summary>The first record that was not acknowledged since the last <see cref="Forget"/>.</summary>
    internal UndeliveredRecord? FirstFailure { get; private set; }

    internal void Add() => Volatile.Write(ref handedOver, handedOver + 1);

    /// <summary>Starts anew after an abort, whose own doing failed reports are.</summary>
    internal void Forget()
    {
        FirstFailure = null;
        Volatile.Write(ref failed, 0);
        Volatile.Write(ref acknowledged, handedOver);
    }

    [SkipLocalsInit]
    public unsafe void Take(Event* reports)
    {
        var messages = stackalloc Message*[ReportsAtOnce];
        while (Librdkafka.EventMessages(reports, messages, ReportsAtOnce) is > 0 and var count)
        {
            for (nuint i = 0; i < count; i++)
            {
                Take(messages[i]);
            }
        }
    }

    private unsafe void Take(Message* report)
    {
        if (report->Error == ErrorCode.None)
        {
            Volatile.Write(ref acknowledged, acknowledged + 1);
            return;
        }

        FirstFailure ??= new UndeliveredRecord(NativeError.Of(report->Error)!.Value, Librdkafka.Text(Librdkafka.TopicName(report->Topic)), report->Partition);
        Volatile.Write(ref failed, failed + 1);
    }
}

/// <summary>A record that was not acknowledged, and why.</summary>
internal sealed record UndeliveredRecord(NativeError Error, string Topic, int Partition);
