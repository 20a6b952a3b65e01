namespace CdcFlow.Runtime.Flow;

/// <summary>A value that one part gives another, once. The waiter resumes where it waited (see <see cref="Wakeup"/>).</summary>
internal sealed class Promise<T>
{
    private readonly TaskCompletionSource<T> source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the value is there.</summary>
    public bool IsKept => source.Task.IsCompletedSuccessfully;

    /// <summary>Gives the value; the first one counts.</summary>
    public void Keep(T value) => source.TrySetResult(value);

    /// <summary>Waits for the value. One waiter: its cancellation ends the promise.</summary>
    public async Task<T> WaitAsync(CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(() => source.TrySetCanceled(cancellationToken)))
        {
            return await source.Task;
        }
    }
}
