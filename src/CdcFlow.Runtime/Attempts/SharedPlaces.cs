using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Finds out where two parts of one pipeline meet, whatever connectors they are.</summary>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="graph">What the sinks say of themselves.</param>
internal sealed class SharedPlaces(string pipeline, FlowGraph graph)
{
    private const string Name = "place";

    /// <summary>Adds to each connection's report what it must not share. Sources come first.</summary>
    public IReadOnlyList<PreflightReport> Check(IReadOnlyList<PreflightReport> sources, IReadOnlyList<PreflightReport> sinks)
    {
        var read = sources.SelectMany(report => report.Places).ToLookup(place => place.Address, StringComparer.Ordinal);
        List<ConnectorPlace> written = [];
        HashSet<string> taken = new(StringComparer.Ordinal);
        return
        [
            .. sources.Select(report => report with { Checks = [.. report.Checks, .. Exclusive(report.Places, taken)] }),
            .. sinks.Select(report => report with { Checks = [.. report.Checks, .. Meetings(report.Places, read, written)] }),
        ];
    }

    private static IEnumerable<PreflightCheck> Exclusive(IReadOnlyList<ConnectorPlace> places, HashSet<string> taken) =>
        [.. places.Where(place => place.IsExclusive && !taken.Add(place.Address)).Select(place => new PreflightCheck(
            Name, PreflightStatus.Failed, $"'{place.Owner}' would use {place.Title}, as another connection of the pipeline does, and only one can.",
            RuntimeErrorCodes.PlaceExclusive, place.Resolution))];

    private List<PreflightCheck> Meetings(IReadOnlyList<ConnectorPlace> places, ILookup<string, ConnectorPlace> read, List<ConnectorPlace> written)
    {
        List<PreflightCheck> checks = [];
        foreach (var sink in places.GroupBy(place => place.Owner))
        {
            // A table and its partitions are several places: one sentence is enough.
            checks.AddRange(sink.Select(place => Meeting(place, read, written)).OfType<PreflightCheck>().Take(1));
            written.AddRange(sink);
        }

        return checks;
    }

    private PreflightCheck? Meeting(ConnectorPlace place, ILookup<string, ConnectorPlace> read, List<ConnectorPlace> written) =>
        read[place.Address].FirstOrDefault() is { } source
            ? new PreflightCheck(
                Name, PreflightStatus.Failed,
                $"Sink '{place.Owner}' would write to {place.Title}, which '{source.Owner}' reads: each change would come back, without end, and newer ones would be overwritten.",
                RuntimeErrorCodes.OutputIsInput, place.Resolution)
        : written.Find(other => Meet(other, place) && !MayShare(other, place)) is { } met
            ? new PreflightCheck(
                Name, PreflightStatus.Failed,
                $"Sinks '{met.Owner}' and '{place.Owner}' would both write to {place.Title}, where one would take its keys from the other and readers could not tell whose a change is.",
                RuntimeErrorCodes.PlaceShared,
                $"{place.Resolution} Where both are to write there and their keys are never the same, say so on each: Shared = true, or CdcFlow:{pipeline}:Sinks:{met.Owner}:Shared=true and CdcFlow:{pipeline}:Sinks:{place.Owner}:Shared=true.")
        : null;

    private bool Meet(ConnectorPlace one, ConnectorPlace other) =>
        one.Address == other.Address && (!one.IsPerTable || Tables(one.Owner).Intersect(Tables(other.Owner)).Any());

    private bool MayShare(ConnectorPlace one, ConnectorPlace other) => (one.IsShareable && other.IsShareable) || (IsShared(one.Owner) && IsShared(other.Owner));

    private bool IsShared(string sink) => graph.SinkInputs.Exists(known => known.Name == sink && known.IsShared);

    /// <summary>The tables whose changes a sink gets, each with its source.</summary>
    private IEnumerable<(string Connection, TableId? Table)> Tables(string sink) => graph.SinkInputs.Where(known => known.Name == sink).SelectMany(known => known.Sources)
        .SelectMany(node => graph.Sources.Where(source => source.NodeIds.Contains(node)), (node, source) => (source.Connection, source.Connector.TableOf(node)));
}
