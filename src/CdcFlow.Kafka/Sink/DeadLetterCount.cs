namespace CdcFlow.Kafka.Sink;

/// <summary>Counts the dead letters of a checkpoint: some are a row to look at, many are a mistake that nobody should find out about weeks later.</summary>
internal sealed class DeadLetterCount(int max)
{
    private int count;

    /// <summary>One more.</summary>
    /// <exception cref="CdcFlowException">It is one too many.</exception>
    public void Add(string sink, CdcFlowException cause)
    {
        if (count == max)
        {
            throw KafkaSinkErrors.TooManyDeadLetters(sink, max, cause);
        }

        count++;
    }

    /// <summary>A checkpoint was committed.</summary>
    public void Clear() => count = 0;
}
