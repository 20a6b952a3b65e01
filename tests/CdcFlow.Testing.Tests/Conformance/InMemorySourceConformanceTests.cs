using CdcFlow.Testing.Conformance.Sources;

namespace CdcFlow.Testing.Tests.Conformance;

public sealed class InMemorySourceConformanceTests
{
    public static TheoryData<string> Checks => [.. SourceConformance.Checks(InMemorySourceStand.Traits)];

    [Theory, MemberData(nameof(Checks))]
    public Task Conforms(string check) =>
        new SourceConformance(_ => ValueTask.FromResult<ISourceStand>(new InMemorySourceStand())).RunAsync(check, TestContext.Current.CancellationToken);
}
