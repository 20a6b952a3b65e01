namespace CdcFlow.Files;

/// <summary>What a file sink writes.</summary>
public enum FileFormat
{
    /// <summary>One flat JSON object per change and line.</summary>
    JsonLines,

    /// <summary>CSV with a header line.</summary>
    Csv,
}
