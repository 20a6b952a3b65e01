using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CdcFlow.Generators.Tests.Compiling;

/// <summary>A file of the user's project that analyzers see.</summary>
internal sealed class ProjectFile(string path, string text) : AdditionalText
{
    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}
