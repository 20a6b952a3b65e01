namespace CdcFlow.Runtime.Flow;

/// <summary>Messages to a loop, in order.</summary>
/// <remarks>Thread-safe; one reader. Bounded by its writers, each of which has one message under way.</remarks>
internal sealed class Mailbox<TMessage>
{
    private readonly Lock gate = new();
    private readonly Queue<TMessage> messages = new();
    private readonly Wakeup posted = new();

    /// <summary>Adds a message.</summary>
    public void Post(TMessage message)
    {
        lock (gate)
        {
            messages.Enqueue(message);
        }

        posted.Set();
    }

    /// <summary>Takes the oldest message, waiting until there is one.</summary>
    public async ValueTask<TMessage> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (gate)
            {
                if (messages.TryDequeue(out var message))
                {
                    return message;
                }
            }

            await posted.WaitAsync(cancellationToken);
        }
    }
}
