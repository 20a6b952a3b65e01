namespace CdcFlow.Capture.Loop;

/// <summary>Runs blocking work on a thread of its own, so that the engine's scheduler never waits for a socket.</summary>
internal static class SourceThread
{
    internal static Task<TResult> RunAsync<TResult>(string name, Func<TResult> work)
    {
        var completion = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (OperationCanceledException e)
            {
                completion.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        })
        { IsBackground = true, Name = $"cdcflow {name}" }.Start();
        return completion.Task;
    }
}
