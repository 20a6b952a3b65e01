namespace CdcFlow.Hosting;

/// <summary>The error codes of the host. Never reused; each has a row in <c>docs/reference/errors.md</c>.</summary>
public static class HostingErrorCodes
{
    /// <summary>Several configuration values are wrong; the message lists them.</summary>
    public const string ConfigurationInvalid = "CDCF1010";

    /// <summary>A section is configured for a source, sink or node that the pipeline does not have.</summary>
    public const string ConfigurationUnknownName = "CDCF1011";

    /// <summary>Checkpoints go to a folder below the working directory, because none is configured.</summary>
    public const string StoreByDefault = "CDCF1012";

    /// <summary>The log, or a result, cannot be written.</summary>
    public const string OutputFailed = "CDCF1013";

    /// <summary>A connector could not be made of its connection string and settings, and did not say why.</summary>
    public const string ConnectorUnusable = "CDCF1014";

    /// <summary>A settings file cannot be read.</summary>
    public const string SettingsUnreadable = "CDCF1015";

    /// <summary>A section is configured for a pipeline that the program does not have.</summary>
    public const string UnknownPipeline = "CDCF1016";

    /// <summary>An error that CdcFlow did not foresee.</summary>
    public const string Unforeseen = "CDCF1099";
}
