namespace CdcFlow.Hosting.Observation;

/// <summary>What ended a pipeline or a command, as people read it: a code, what happened, and what to do, also of an error that nobody foresaw.</summary>
internal static class FailureText
{
    private const string Advice = "Run again with --verbose (in a host of your own: log level Debug for CdcFlow) and report what it prints; "
        + "if it came with a new version of the program, the previous one goes on from the same checkpoints meanwhile.";

    /// <summary>The fault of a pipeline that may have read rows: a foreign exception's own message may quote one, so only its type is named. That of an
    /// <see cref="IOException"/> is the operating system's.</summary>
    public static string Of(Exception error) =>
        error is CdcFlowException or IOException ? error.Message : $"{HostingErrorCodes.Unforeseen}: {error.GetType().Name}. {Advice}";

    /// <summary>The failure of a command that reads no row: the message is said.</summary>
    public static string OfCommand(Exception error) =>
        error is CdcFlowException ? error.Message : $"{HostingErrorCodes.Unforeseen}: {error.GetType().Name}: {error.Message.TrimEnd('.')}. {Advice}";
}
