namespace CdcFlow.Configuration;

/// <summary>One wrong or missing configuration value. All of them are reported at once, before anything starts.</summary>
/// <param name="Code">A stable <c>CDCFnnnn</c> code.</param>
/// <param name="Key">The full key, as in <c>CdcFlow:orders:Sources:shop:ChunkRows</c>.</param>
/// <param name="Sentence">What is wrong and what to write instead. Never a secret's value.</param>
public sealed record ConfigurationProblem(string Code, string Key, string Sentence);
