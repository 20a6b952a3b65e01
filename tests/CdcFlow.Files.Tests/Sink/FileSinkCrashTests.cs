using CdcFlow.Checkpoints;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>The process dies, or the machine loses power, before every single operation on the disk, and again during recovery.</summary>
public sealed class FileSinkCrashTests
{
    private const int Changes = 8;
    private const int ChangesPerCheckpoint = 2;

    [Theory]
    [InlineData(0, 1_000_000)]
    [InlineData(0, 1)]
    [InlineData(3, 1_000_000)]
    [InlineData(3, 700)]
    public async Task Every_change_is_published_once_whatever_step_is_the_last(int rollSeconds, int rollBytes)
    {
        var steps = await new Scenario(rollSeconds, rollBytes).RunAsync();
        for (var step = 1; step <= steps; step++)
        {
            await new Scenario(rollSeconds, rollBytes).RunAsync(new Crash(step, PowerSeed: null));
            for (var seed = 0; seed < 6; seed++)
            {
                await new Scenario(rollSeconds, rollBytes).RunAsync(new Crash(step, seed));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Every_change_is_published_once_whatever_pair_of_steps_is_the_last(int rollSeconds)
    {
        var steps = await new Scenario(rollSeconds, 1_000_000).RunAsync();
        for (var first = 1; first <= steps; first++)
        {
            for (var second = 1; second <= steps - first + 8; second++)
            {
                await new Scenario(rollSeconds, 1_000_000).RunAsync(new Crash(first, first), new Crash(second, PowerSeed: second % 3 == 0 ? null : second));
            }
        }
    }

    /// <param name="Step">The operation of that life, from 1, before which it ends.</param>
    /// <param name="PowerSeed">What survives the loss of power; null when only the process dies.</param>
    private sealed record Crash(int Step, int? PowerSeed);

    private sealed class CrashException : Exception;

    private sealed class Scenario(int rollSeconds, int rollBytes)
    {
        private readonly SimulatedDisk disk = new();
        private readonly ManualTime time = new();

        // What the checkpoint store holds: the newest checkpoint, and the position it was taken at.
        private CommitPermit? durable;
        private int position;

        /// <summary>Lives end at the crashes given; one more does the rest, and another publishes what that left.</summary>
        /// <returns>The steps of the life that did not crash.</returns>
        public async Task<int> RunAsync(params Crash[] crashes)
        {
            disk.Put("/data/out/readme", []);
            var epoch = 0;
            foreach (var crash in crashes)
            {
                await LiveAsync(++epoch, crash, Changes);
            }

            var steps = await LiveAsync(++epoch, crash: null, Changes);
            await LiveAsync(++epoch, crash: null, changes: 0);
            Assert.Equal(
                Enumerable.Range(1, Changes).Select(id => (long)id), FileProcess.Published(disk.Contents));
            return steps;
        }

        private async Task<int> LiveAsync(int epoch, Crash? crash, int changes)
        {
            var steps = 0;
            var files = new SimulatedFileSystem(disk, _ =>
            {
                if (++steps == crash?.Step)
                {
                    throw new CrashException();
                }
            });
            var process = new FileProcess(files, epoch, time, configure: sink => (sink.RollIntervalSeconds, sink.RollBytes) = (rollSeconds, rollBytes));
            try
            {
                await PlayAsync(process, epoch, changes);
            }
            catch (CrashException)
            {
                files.Die();
                if (crash!.PowerSeed is { } seed)
                {
                    disk.CutPower(new Random(seed));
                }
            }

            await process.DisposeAsync();
            return steps;
        }

        private async Task PlayAsync(FileProcess process, int epoch, int changes)
        {
            await process.OpenAsync();
            if (durable is not null)
            {
                await process.CommitAsync(durable);
            }

            for (var next = position; next < changes;)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                for (var count = 0; count < ChangesPerCheckpoint; count++)
                {
                    await process.WriteAsync(++next);
                }

                durable = await process.PrepareAsync((epoch * 100) + next);
                position = next;
                await process.CommitAsync(durable);
            }
        }
    }
}
