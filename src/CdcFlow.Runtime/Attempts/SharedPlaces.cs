using CdcFlow.Configuration;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Finds out where two parts of one pipeline meet, whatever connectors they are. Pure.</summary>
internal static class SharedPlaces
{
    private const string Name = "place";

    /// <summary>Adds to each sink connection's report what its sinks must not, or should not, share.</summary>
    public static IReadOnlyList<PreflightReport> Check(IReadOnlyList<PreflightReport> sources, IReadOnlyList<PreflightReport> sinks)
    {
        var read = sources.SelectMany(report => report.Places).ToLookup(place => place.Address, StringComparer.Ordinal);
        Dictionary<string, ConnectorPlace> written = new(StringComparer.Ordinal);
        return [.. sinks.Select(report => report with { Checks = [.. report.Checks, .. Meetings(report.Places, read, written)] })];
    }

    private static List<PreflightCheck> Meetings(
        IReadOnlyList<ConnectorPlace> places, ILookup<string, ConnectorPlace> read, Dictionary<string, ConnectorPlace> written)
    {
        List<PreflightCheck> checks = [];
        foreach (var sink in places.GroupBy(place => place.Owner))
        {
            // A table and its partitions are several places: one sentence is enough.
            checks.AddRange(sink.Select(place => Meeting(place, read, written)).OfType<PreflightCheck>().Take(1));
            foreach (var place in sink)
            {
                written[place.Address] = written.TryGetValue(place.Address, out var other) && other.Sharing <= place.Sharing ? other : place;
            }
        }

        return checks;
    }

    private static PreflightCheck? Meeting(ConnectorPlace place, ILookup<string, ConnectorPlace> read, Dictionary<string, ConnectorPlace> written) =>
        read[place.Address].FirstOrDefault() is { } source
            ? new PreflightCheck(
                Name, PreflightStatus.Failed,
                $"Sink '{place.Owner}' would write to {place.Title}, which '{source.Owner}' reads: each change would come back, without end, and newer ones would be overwritten.",
                RuntimeErrorCodes.OutputIsInput, place.Resolution)
        : written.TryGetValue(place.Address, out var other) && Stricter(other.Sharing, place.Sharing) is var sharing and not PlaceSharing.Free
            ? new PreflightCheck(
                Name, sharing == PlaceSharing.Refused ? PreflightStatus.Failed : PreflightStatus.Warning,
                sharing == PlaceSharing.Refused
                    ? $"Sinks '{other.Owner}' and '{place.Owner}' would both write to {place.Title}, each over the rows of the other."
                    : $"Sinks '{other.Owner}' and '{place.Owner}' both write to {place.Title}: whoever reads it must tell them apart.",
                RuntimeErrorCodes.PlaceShared, place.Resolution)
        : null;

    private static PlaceSharing Stricter(PlaceSharing left, PlaceSharing right) => left < right ? left : right;
}
