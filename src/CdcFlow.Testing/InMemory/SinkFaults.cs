namespace CdcFlow.Testing;

/// <summary>The failures that a test has asked for; each is used up once.</summary>
internal sealed class SinkFaults
{
    private readonly Dictionary<SinkOperation, Queue<Fault>> planned = [];

    public void Add(SinkOperation operation, Exception error, bool afterEffect)
    {
        if (!planned.TryGetValue(operation, out var queue))
        {
            planned.Add(operation, queue = new Queue<Fault>());
        }

        queue.Enqueue(new Fault(error, afterEffect));
    }

    /// <summary>Runs an effect, or what the test wants instead.</summary>
    public TResult Run<TResult>(SinkOperation operation, Func<TResult> effect)
    {
        if (!planned.TryGetValue(operation, out var queue) || !queue.TryDequeue(out var fault))
        {
            return effect();
        }

        if (fault.AfterEffect)
        {
            effect();
        }

        throw fault.Error;
    }

    private readonly record struct Fault(Exception Error, bool AfterEffect);
}
