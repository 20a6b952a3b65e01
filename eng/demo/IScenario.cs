using Npgsql;

namespace Shop;

/// <summary>A sample that reads the shop: how it is run, and how its sinks are compared with the shop.</summary>
public interface IScenario
{
    /// <summary>The pipeline's name, which its settings stand under.</summary>
    string Pipeline { get; }

    /// <summary>Connection strings of its sinks.</summary>
    IReadOnlyDictionary<string, string> Sinks { get; }

    /// <summary>One verdict per sink; the first is that of the sink that has every change by itself.</summary>
    Task<IReadOnlyList<Verdict>> CompareAsync(NpgsqlDataSource shop, CancellationToken cancellationToken);
}
