using System.Globalization;

namespace Shop;

/// <summary>One run of the pipeline, as far as it is seen from outside: by its checkpoints.</summary>
/// <param name="checkpoints">Folder of its checkpoints.</param>
/// <param name="ended">Cancelled when the run is to end, or has ended.</param>
public sealed class PipelineLife(string checkpoints, CancellationToken ended)
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan pollEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>Lets time pass.</summary>
    public Task PassAsync(TimeSpan time) => Task.Delay(time, ended);

    /// <summary>Returns once the pipeline has committed rows. A second new checkpoint says that the first one is committed.</summary>
    /// <exception cref="InvalidOperationException">It commits nothing.</exception>
    public async Task ProgressAsync()
    {
        var goal = Newest() + 2;
        await UntilAsync("The pipeline committed no row", _ => Task.FromResult(Newest() >= goal));
    }

    /// <summary>Returns once something is so.</summary>
    /// <param name="otherwise">The beginning of a sentence that says that it is not.</param>
    /// <param name="isSo">Asks.</param>
    /// <exception cref="InvalidOperationException">It is not, for minutes.</exception>
    public async Task UntilAsync(string otherwise, Func<CancellationToken, Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ended);
        limit.CancelAfter(patience);
        try
        {
            using var poll = new PeriodicTimer(pollEvery);
            while (!await isSo(limit.Token))
            {
                await poll.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{otherwise} within {patience}.");
        }
    }

    // Named for the checkpoint, ten digits first.
    private long Newest() => Directory.Exists(checkpoints)
        ? Directory.EnumerateFiles(checkpoints, "*.checkpoint", SearchOption.AllDirectories).Select(Number).DefaultIfEmpty().Max()
        : 0;

    private static long Number(string file) => long.Parse(Path.GetFileName(file).AsSpan(0, 10), CultureInfo.InvariantCulture);
}
