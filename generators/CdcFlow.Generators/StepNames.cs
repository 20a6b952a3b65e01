namespace CdcFlow.Generators;

/// <summary>Names of the generator's steps, by which tests ask what was cached.</summary>
internal static class StepNames
{
    public const string Pipelines = nameof(Pipelines);
    public const string LockFiles = nameof(LockFiles);
    public const string LockedPipelines = nameof(LockedPipelines);
}
