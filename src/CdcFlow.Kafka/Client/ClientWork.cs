using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace CdcFlow.Kafka.Client;

/// <summary>What a client's thread is to do next, and the one way to reach into the client from other threads.</summary>
/// <remarks>The client is freed by its own thread, which may get there while another is still about to wake it: so whatever another thread does
/// to the client is done before <see cref="End"/> returns, or not at all.</remarks>
/// <param name="wake">Makes the client's thread look for work.</param>
internal sealed class ClientWork(Action wake)
{
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<Action> queue = new();
    private bool hasEnded;

    /// <summary>Adds something to do. Any thread.</summary>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    internal void Add(Action action)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(hasEnded, this);
            queue.Enqueue(action);
            wake();
        }
    }

    /// <summary>Wakes the client's thread, unless it has ended. Any thread.</summary>
    internal void Wake() => Reach(wake);

    /// <summary>Does something to the client at once, on the caller's thread, unless it has ended.</summary>
    internal void Reach(Action action)
    {
        lock (gate)
        {
            if (!hasEnded)
            {
                action();
            }
        }
    }

    internal bool TryTake([NotNullWhen(true)] out Action? next) => queue.TryDequeue(out next);

    /// <summary>Ends it: when this returns, the client is the caller's alone and nothing more is added.</summary>
    internal void End()
    {
        lock (gate)
        {
            hasEnded = true;
        }
    }
}
