using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Everything outside the pipeline under test that outlives its process: databases and sink systems, by connection.</summary>
internal sealed class TestWorld(TimeProvider time)
{
    private readonly Dictionary<string, InMemoryDatabase> databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InMemorySinkServer> servers = new(StringComparer.Ordinal);

    /// <summary>Source nodes by id.</summary>
    public Dictionary<string, TestTable> Tables { get; } = new(StringComparer.Ordinal);

    /// <summary>Sinks by name.</summary>
    public Dictionary<string, TestOutput> Outputs { get; } = new(StringComparer.Ordinal);

    /// <summary>The systems behind sinks, by connection.</summary>
    public IReadOnlyDictionary<string, InMemorySinkServer> Servers => servers;

    /// <summary>The database behind a source connection.</summary>
    public InMemoryDatabase Database(string connection)
    {
        if (!databases.TryGetValue(connection, out var database))
        {
            databases.Add(connection, database = new InMemoryDatabase(time));
        }

        return database;
    }

    /// <summary>The system behind a sink connection.</summary>
    public InMemorySinkServer Server(string connection, SinkKind kind)
    {
        if (!servers.TryGetValue(connection, out var server))
        {
            servers.Add(connection, server = new InMemorySinkServer(kind));
        }

        return server;
    }
}

/// <summary>A sink as the pipeline declared it.</summary>
/// <param name="Connection">Its connection.</param>
/// <param name="Server">The system behind that.</param>
/// <param name="Text">Writes a row out in full, to compare rows of any type.</param>
internal sealed record TestOutput(string Connection, InMemorySinkServer Server, Func<object, string> Text);
