using CdcFlow.Testing.Conformance.Sources;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests.Conformance;

/// <summary>On a server of their own: one check stalls every commit.</summary>
public sealed class PostgresSourceConformanceTests(ConformanceServer server) : IClassFixture<ConformanceServer>
{
    public static TheoryData<string> Checks => [.. SourceConformance.Checks(PostgresSourceStand.Traits)];

    [Theory, MemberData(nameof(Checks))]
    public Task Conforms(string check)
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        return new SourceConformance(async cancellationToken => await PostgresSourceStand.MakeAsync(server.Server, server.NextDatabase(), cancellationToken))
            .RunAsync(check, TestContext.Current.CancellationToken);
    }
}

public sealed class ConformanceServer : IAsyncLifetime
{
    private PostgresServer? server;
    private int databases;

    internal PostgresServer Server => server ?? throw new InvalidOperationException("There is no server; skip first.");

    internal string NextDatabase() => $"conformance_{++databases}";

    public async ValueTask InitializeAsync() =>
        server = PostgresBinaries.Missing is null ? await PostgresServer.StartAsync(["max_replication_slots=200", "logical_decoding_work_mem=64kB"]) : null;

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
