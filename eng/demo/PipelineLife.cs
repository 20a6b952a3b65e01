using System.Globalization;

namespace Shop;

/// <summary>One run of the pipeline, as far as it is seen from outside: by its checkpoints.</summary>
/// <param name="checkpoints">Folder of its checkpoints.</param>
/// <param name="ended">Cancelled when the run is to end, or has ended.</param>
public sealed class PipelineLife(string checkpoints, CancellationToken ended)
{
    private static readonly TimeSpan progressWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan pollEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>Lets time pass.</summary>
    public Task PassAsync(TimeSpan time) => Task.Delay(time, ended);

    /// <summary>Returns once the pipeline has committed rows. A second new checkpoint says that the first one is committed.</summary>
    /// <exception cref="InvalidOperationException">It commits nothing.</exception>
    public async Task ProgressAsync()
    {
        var goal = Newest() + 2;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
        patience.CancelAfter(progressWithin);
        try
        {
            using var poll = new PeriodicTimer(pollEvery);
            while (Newest() < goal)
            {
                await poll.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The pipeline committed no row within {progressWithin}.");
        }
    }

    // Named for the checkpoint, ten digits first.
    private long Newest() => Directory.Exists(checkpoints)
        ? Directory.EnumerateFiles(checkpoints, "*.checkpoint", SearchOption.AllDirectories).Select(Number).DefaultIfEmpty().Max()
        : 0;

    private static long Number(string file) => long.Parse(Path.GetFileName(file).AsSpan(0, 10), CultureInfo.InvariantCulture);
}
