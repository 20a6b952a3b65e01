using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Postgres.Sink.Tests;

public sealed class PostgresSinkConformanceTests(SinkServer server)
{
    public static TheoryData<string> Checks => [.. SinkConformance.Checks(SinkKind.Transactional)];

    [Theory, MemberData(nameof(Checks))]
    public Task Upsert(string check) => RunAsync(check, PostgresSinkMode.Upsert);

    [Theory, MemberData(nameof(Checks))]
    public Task Append(string check) => RunAsync(check, PostgresSinkMode.Append);

    private async Task RunAsync(string check, PostgresSinkMode mode)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await new SinkConformance(SinkKind.Transactional, _ => ValueTask.FromResult<ISinkTarget>(new PostgresSinkTarget(database, mode)))
            .RunAsync(check, TestContext.Current.CancellationToken);
    }
}
