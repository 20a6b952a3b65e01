using CdcFlow.Configuration;
using CdcFlow.Runtime.Attempts;
using CdcFlow.Runtime.Counting;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Tests;

/// <summary>Where parts of a pipeline meet, and what becomes of that.</summary>
public sealed class SharedPlacesTests
{
    [Fact]
    public void Sink_that_writes_what_a_source_reads_is_refused_once_for_all_places_of_it() =>
        Assert.Equal([RuntimeErrorCodes.OutputIsInput], Found([Place("db/t", "Rows"), Place("db/t_1", "Rows")], [Place("db/t", "sink"), Place("db/t_1", "sink")]));

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Two_sinks_in_one_place_are_refused_unless_both_may_share_it(bool first, bool second) =>
        Assert.Equal([RuntimeErrorCodes.PlaceShared], Found([], [Place("x", "first") with { IsShareable = first }], [Place("x", "second") with { IsShareable = second }]));

    [Fact]
    public void Third_sink_meets_those_before_it() =>
        Assert.Equal(
            [RuntimeErrorCodes.PlaceShared, RuntimeErrorCodes.PlaceShared],
            Found([], [Place("x", "first") with { IsShareable = true }, Place("x", "second"), Place("x", "third") with { IsShareable = true }]));

    [Fact]
    public void Sources_of_one_place_and_sinks_of_several_or_that_are_shareable_are_as_they_may_be() =>
        Assert.Empty(Found(
            [Place("s", "Rows"), Place("s", "Again")],
            [Place("x", "first"), Place("y", "second"), Place("z", "third") with { IsShareable = true }], [Place("X", "fourth"), Place("z", "fifth") with { IsShareable = true }]));

    [Fact]
    public void Place_that_only_one_connection_can_have_is_refused_to_the_second() =>
        Assert.Equal([RuntimeErrorCodes.PlaceExclusive], Found([Place("slot", "shop") with { IsExclusive = true }, Place("slot", "crm") with { IsExclusive = true }]));

    private static ConnectorPlace Place(string address, string owner) => new(address, $"place {address}", owner, "Go elsewhere.");

    private static IEnumerable<string?> Found(IReadOnlyList<ConnectorPlace> read, params IReadOnlyList<ConnectorPlace>[] written)
    {
        var checks = new SharedPlaces("p", new FlowGraph(new FlowCounters(TimeProvider.System, null)))
            .Check([new PreflightReport("source", []) { Places = read }], [.. written.Select(places => new PreflightReport("sink", []) { Places = places })])
            .SelectMany(report => report.Checks).ToList();
        Assert.All(checks, check => Assert.Equal(PreflightStatus.Failed, check.Status));
        return checks.Select(check => check.Code);
    }
}
