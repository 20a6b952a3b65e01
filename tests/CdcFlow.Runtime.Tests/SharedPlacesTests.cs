using CdcFlow.Configuration;
using CdcFlow.Runtime.Attempts;

namespace CdcFlow.Runtime.Tests;

/// <summary>Where parts of a pipeline meet, and what becomes of that.</summary>
public sealed class SharedPlacesTests
{
    [Fact]
    public void Sink_that_writes_what_a_source_reads_is_refused_once_for_all_places_of_it() =>
        Assert.Equal(
            [(PreflightStatus.Failed, RuntimeErrorCodes.OutputIsInput)],
            Found([Place("db/t", "Rows"), Place("db/t_1", "Rows")], [Place("db/t", "sink"), Place("db/t_1", "sink")]));

    [Theory]
    [InlineData(PlaceSharing.Refused, PlaceSharing.Free, PreflightStatus.Failed)]
    [InlineData(PlaceSharing.Free, PlaceSharing.Refused, PreflightStatus.Failed)]
    [InlineData(PlaceSharing.Warned, PlaceSharing.Free, PreflightStatus.Warning)]
    [InlineData(PlaceSharing.Warned, PlaceSharing.Warned, PreflightStatus.Warning)]
    public void Of_two_sinks_in_one_place_the_stricter_decides(PlaceSharing first, PlaceSharing second, PreflightStatus expected) =>
        Assert.Equal([(expected, RuntimeErrorCodes.PlaceShared)], Found([], [Place("x", "first", first)], [Place("x", "second", second)]));

    [Fact]
    public void Third_sink_meets_the_strictest_of_those_before_it() =>
        Assert.Equal(
            [(PreflightStatus.Failed, RuntimeErrorCodes.PlaceShared), (PreflightStatus.Failed, RuntimeErrorCodes.PlaceShared)],
            Found([], [Place("x", "first", PlaceSharing.Free), Place("x", "second"), Place("x", "third", PlaceSharing.Free)]));

    [Fact]
    public void Sources_of_one_place_and_sinks_of_several_or_that_share_freely_are_as_they_may_be() =>
        Assert.Empty(Found(
            [Place("s", "Rows"), Place("s", "Again")],
            [Place("x", "first"), Place("y", "second"), Place("z", "third", PlaceSharing.Free)], [Place("X", "fourth"), Place("z", "fifth", PlaceSharing.Free)]));

    private static ConnectorPlace Place(string address, string owner, PlaceSharing sharing = PlaceSharing.Refused) =>
        new(address, $"place {address}", owner, "Go elsewhere.") { Sharing = sharing };

    private static IEnumerable<(PreflightStatus Status, string? Code)> Found(IReadOnlyList<ConnectorPlace> read, params IReadOnlyList<ConnectorPlace>[] written) =>
        SharedPlaces.Check([new PreflightReport("source", []) { Places = read }], [.. written.Select(places => new PreflightReport("sink", []) { Places = places })])
            .SelectMany(report => report.Checks).Select(check => (check.Status, check.Code));
}
