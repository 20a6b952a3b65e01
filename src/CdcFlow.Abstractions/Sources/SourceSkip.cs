namespace CdcFlow.Sources;

/// <summary>A place in a source's log that it may go on from, with everything that was committed before it left out (<see cref="ISourceConnector.SkipAsync"/>).</summary>
/// <param name="State">The state to go on from.</param>
/// <param name="From">From where on it is left out, as the server spells it.</param>
/// <param name="To">Up to where.</param>
/// <param name="Sentence">For people: what is left out, and what to do to have it after all.</param>
public sealed record SourceSkip(SourceState State, string From, string To, string Sentence);
