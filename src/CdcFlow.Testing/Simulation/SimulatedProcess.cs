namespace CdcFlow.Testing.Simulation;

/// <summary>One life of a process: its scheduler, its clock, and every step at which it can die.</summary>
/// <remarks>
/// A step is a task that the scheduler runs, or an effect on the outside (a disk, a source, a sink): the model of the outside asks
/// <see cref="StepAsync"/> or <see cref="Step"/> before each. Steps are numbered from 1, and one seed gives the same steps every time.
/// What survives the process (disks, databases) stands outside it and is handed to its successor.
/// </remarks>
public sealed class SimulatedProcess
{
    private ulong hash = 14695981039346656037;
    private long dieBefore = long.MaxValue;

    /// <summary>Starts a process.</summary>
    /// <param name="seed">Decides the order of runnable tasks; null: in the order in which they were queued.</param>
    /// <param name="start">What its clock shows first.</param>
    public SimulatedProcess(int? seed, DateTimeOffset start)
    {
        Scheduler = new SimulationScheduler(this, seed);
        Time = new VirtualTime(start, Scheduler);
    }

    /// <summary>Where all of its code runs.</summary>
    public SimulationScheduler Scheduler { get; }

    /// <summary>Its clock.</summary>
    public VirtualTime Time { get; }

    /// <summary>Steps made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether it has died. It never comes back.</summary>
    public bool IsDead { get; private set; }

    /// <summary>The step before which it died; null while it lives.</summary>
    public string? DiedBefore { get; private set; }

    /// <summary>A hash over all steps: equal for equal runs.</summary>
    public ulong TraceHash => hash;

    /// <summary>Names of steps on the outside that were called from another scheduler: code that escaped, whose order no seed decides.</summary>
    public List<string> Escapes { get; } = [];

    /// <summary>Lets the process die before step <paramref name="step"/>, counted from 1 over its whole life.</summary>
    public void DieBefore(long step) => dieBefore = step;

    /// <summary>An effect on the outside is about to happen: the process may die instead. Also lets other tasks run before and after.</summary>
    /// <exception cref="SimulatedCrashException">The process is dead.</exception>
    public async ValueTask StepAsync(string name)
    {
        await Task.Yield();
        Step(name);
    }

    /// <summary>An effect on the outside is about to happen: the process may die instead.</summary>
    /// <exception cref="SimulatedCrashException">The process is dead.</exception>
    public void Step(string name)
    {
        if (TaskScheduler.Current != Scheduler)
        {
            Escapes.Add(name);
        }

        if (!TryEnter(name))
        {
            throw new SimulatedCrashException(DiedBefore ?? name);
        }

        Mix(name);
    }

    /// <summary>The process dies now: nothing queued runs any more.</summary>
    public void Crash(string before)
    {
        IsDead = true;
        DiedBefore ??= before;
        Scheduler.Abandon();
    }

    /// <summary>Runs its tasks until <paramref name="until"/> holds.</summary>
    /// <param name="until">Asked before each task.</param>
    /// <param name="jump">Whether to jump to the next timer when nothing is runnable.</param>
    /// <returns>Whether <paramref name="until"/> holds; false when the process died or nothing is left to run.</returns>
    public bool Run(Func<bool> until, bool jump = true)
    {
        while (!IsDead)
        {
            if (until())
            {
                return true;
            }

            if (!Scheduler.RunOne() && !IsDead && !(jump && Time.TryJumpToNextTimer()))
            {
                return until();
            }
        }

        return false;
    }

    internal bool TryEnterTask(int index, int count)
    {
        if (!TryEnter("a task"))
        {
            return false;
        }

        Mix((ulong)index << 32 | (uint)count);
        return true;
    }

    private bool TryEnter(string name)
    {
        if (!IsDead && ++Steps >= dieBefore)
        {
            Crash(name);
        }

        return !IsDead;
    }

    private void Mix(string name)
    {
        foreach (var letter in name)
        {
            Mix(letter);
        }
    }

    private void Mix(ulong value) => hash = (hash ^ value) * 1099511628211;
}
