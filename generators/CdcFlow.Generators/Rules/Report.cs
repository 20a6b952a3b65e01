using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>Where rules put what they find.</summary>
internal sealed class Report(Action<Diagnostic> sink)
{
    /// <summary>What a fix needs to know, beside what it can see.</summary>
    public const string Suggestion = nameof(Suggestion);

    public void Add(DiagnosticDescriptor descriptor, Location place, params object?[] arguments) =>
        sink(Diagnostic.Create(descriptor, place, arguments));

    public void AddWithSuggestion(DiagnosticDescriptor descriptor, Location place, string? suggestion, params object?[] arguments) =>
        sink(Diagnostic.Create(descriptor, place, ImmutableDictionary<string, string?>.Empty.Add(Suggestion, suggestion), arguments));
}
