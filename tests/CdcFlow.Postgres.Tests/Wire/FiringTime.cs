namespace CdcFlow.Postgres.Tests.Wire;

/// <summary>A clock whose timer fires when a test says so.</summary>
internal sealed class FiringTime : TimeProvider
{
    private Action fire = () => { };

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        fire = () => callback(state);
        return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal void Fire() => fire();
}
