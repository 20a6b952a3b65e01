namespace CdcFlow.TestServers;

/// <summary>A throwaway Kafka broker, wherever it runs, and Kafka's own tools: what <see cref="KafkaFinder"/> finds.</summary>
public interface IBroker : IAsyncDisposable
{
    /// <summary>Where the broker comes from, for people.</summary>
    string Origin { get; }

    /// <summary>What clients connect to.</summary>
    string Address { get; }

    /// <summary>Kills it with signal 9.</summary>
    Task KillAsync(CancellationToken cancellationToken);

    /// <summary>Starts it again on the same data; returns when it answers.</summary>
    Task StartAgainAsync(CancellationToken cancellationToken);

    /// <summary>Runs one of Kafka's tools against it, to the tool's end.</summary>
    /// <param name="mainClass">The tool.</param>
    /// <param name="arguments">What it is told besides the broker's address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The lines that it printed.</returns>
    Task<IEnumerable<string>> RunToolAsync(string mainClass, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}
