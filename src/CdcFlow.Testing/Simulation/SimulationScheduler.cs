using System.Diagnostics.CodeAnalysis;

namespace CdcFlow.Testing.Simulation;

/// <summary>Runs every task of a simulated process on the thread of whoever pumps it, one at a time, in an order that a seed decides.</summary>
/// <remarks>
/// Nothing runs between pumps. Tasks may be queued from any thread; pumping is for one caller at a time. Each executed task is one step of
/// the process, so every continuation after an await is one. After <see cref="SimulatedProcess.Crash"/> nothing queued runs any more.
/// </remarks>
public sealed class SimulationScheduler : TaskScheduler
{
    private readonly Lock gate = new();
    private readonly List<Task> runnable = [];
    private readonly SimulatedProcess process;
    private readonly Random? choice;
    private TaskCompletionSource? queued;
    private int pumping;

    /// <summary>Makes the scheduler of a process.</summary>
    /// <param name="process">The process whose steps the tasks are.</param>
    /// <param name="seed">Picks the next runnable task at random, repeatably; null: in the order in which they were queued.</param>
    internal SimulationScheduler(SimulatedProcess process, int? seed)
    {
        this.process = process;
        choice = seed is { } value ? new Random(value) : null;
    }

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Whether no task is runnable now.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return runnable.Count == 0;
            }
        }
    }

    /// <summary>Runs a delegate on this scheduler once it is pumped.</summary>
    public Task Start(Func<Task> body) => Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Runs one task.</summary>
    /// <returns>False when none is runnable, or the process is dead.</returns>
    public bool RunOne()
    {
        if (!TryTake(out var task))
        {
            return false;
        }

        // Continuations go to TaskScheduler.Current only while no synchronisation context is set; test runners set one.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        pumping = Environment.CurrentManagedThreadId;
        try
        {
            TryExecuteTask(task);
        }
        finally
        {
            pumping = 0;
            SynchronizationContext.SetSynchronizationContext(context);
        }

        return true;
    }

    /// <summary>Completes when a task has been queued since the last look; for callers whose tasks also wait for the real world.</summary>
    public Task WhenQueuedAsync()
    {
        lock (gate)
        {
            if (runnable.Count > 0)
            {
                return Task.CompletedTask;
            }

            queued ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return queued.Task;
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        TaskCompletionSource? waiter;
        lock (gate)
        {
            if (process.IsDead)
            {
                return;
            }

            if (pumping != 0 && pumping != Environment.CurrentManagedThreadId)
            {
                process.Escapes.Add("a task queued by another thread");
            }

            runnable.Add(task);
            waiter = queued;
            queued = null;
        }

        waiter?.TrySetResult();
    }

    /// <inheritdoc/>
    /// <remarks>Never inline: each continuation is a step of its own, before which the process can die.</remarks>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => runnable;

    internal void Abandon()
    {
        lock (gate)
        {
            runnable.Clear();
        }
    }

    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        lock (gate)
        {
            if (runnable.Count == 0)
            {
                task = null;
                return false;
            }

            var index = choice?.Next(runnable.Count) ?? 0;
            if (!process.TryEnterTask(index, runnable.Count))
            {
                task = null;
                return false;
            }

            task = runnable[index];
            runnable.RemoveAt(index);
            return true;
        }
    }
}
