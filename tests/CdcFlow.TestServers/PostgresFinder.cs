namespace CdcFlow.TestServers;

/// <summary>Starts a PostgreSQL wherever one can be had.</summary>
public static class PostgresFinder
{
    /// <summary>A server of programs on this machine (<see cref="PostgresBinaries"/>: ready in a second, no root needed), else one in a container.</summary>
    /// <exception cref="InvalidOperationException">There is neither; says what to install.</exception>
    public static async Task<IPostgres> StartAsync(CancellationToken cancellationToken) =>
        PostgresBinaries.Missing is not { } missing ? await PostgresServer.StartAsync(cancellationToken: cancellationToken)
        : ContainerEngine.Missing is not { } engine ? await PostgresContainer.StartAsync(cancellationToken)
        : throw new InvalidOperationException($"{missing} {engine}");
}
