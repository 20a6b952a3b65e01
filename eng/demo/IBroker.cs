namespace Shop;

/// <summary>The Kafka broker of a run, and Kafka's own console consumer.</summary>
public interface IBroker
{
    /// <summary>What clients connect to.</summary>
    string Address { get; }

    /// <summary>Kills it with signal 9.</summary>
    Task KillAsync(CancellationToken cancellationToken);

    /// <summary>Starts it again on the same data; returns when it answers.</summary>
    Task StartAgainAsync(CancellationToken cancellationToken);

    /// <summary>Runs the console consumer to its end.</summary>
    /// <returns>The lines that it printed.</returns>
    Task<IEnumerable<string>> ConsumeAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}
