using CdcFlow.Checkpointing;
using CdcFlow.Runtime;

namespace CdcFlow.Hosting;

/// <summary>The exit codes of a pipeline's program. Never change: scripts and orchestrators decide by them.</summary>
public static class ExitCode
{
    /// <summary>Done, or stopped in good order.</summary>
    public const int Ok = 0;

    /// <summary>Failed; the message says why. The next start goes on from the last checkpoint.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The configuration is wrong, or a check before the start failed.</summary>
    public const int Invalid = 3;

    /// <summary>The source no longer has what comes after the checkpoint.</summary>
    public const int PositionLost = 4;

    /// <summary>A sink refuses what is written, and would again.</summary>
    public const int SinkRefused = 5;

    /// <summary>A newer instance has taken over. Not to be started again: the newer one carries on.</summary>
    public const int Fenced = 6;

    /// <summary>Interrupted a second time, before the final checkpoint was made.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code of a pipeline that has ended.</summary>
    /// <param name="error">Why it ended; null when it was done or asked to stop.</param>
    public static int Of(Exception? error) => error switch
    {
        null => Ok,
        CdcFlowException { IsFenced: true } => Fenced,
        CdcFlowException { IsPositionLost: true } => PositionLost,
        CdcFlowException { IsSinkRefusal: true } => SinkRefused,
        CdcFlowException { Code: HostingErrorCodes.ConfigurationInvalid or HostingErrorCodes.SettingsUnreadable or CheckpointErrorCodes.DefinitionChanged or RuntimeErrorCodes.PreflightFailed or RuntimeErrorCodes.GraphInvalid } => Invalid,
        CdcFlowException { InnerException: CdcFlowException cause } => Of(cause),
        _ => Failed,
    };
}
