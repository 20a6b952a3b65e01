namespace CdcFlow.Hosting.Observation;

/// <summary>What ended a pipeline or a command, as people read it: a code, what happened, and what to do, also of an error that nobody foresaw.</summary>
internal static class FailureText
{
    /// <summary>The text.</summary>
    public static string Of(Exception error) => error is CdcFlowException
        ? error.Message
        : $"{HostingErrorCodes.Unforeseen}: {error.GetType().Name}: {error.Message} Run again with --verbose and report what it prints; if it came with a new version of the program, the previous one goes on from the same checkpoints meanwhile.";
}
