namespace CdcFlow;

/// <summary>The run-time error codes of the engine. Never reused; each has a row in <c>docs/reference/errors.md</c>.</summary>
/// <remarks>Ranges: 1xxx configuration and host · 2xxx graph and rows · 3xxx checkpoints · 40xx PostgreSQL source · 50xx PostgreSQL sink ·
/// 51xx files · 52xx Kafka · 59xx in memory. Connectors define their own constants in their range. (CDCF001–CDCF099 are the compiler's diagnostics.)</remarks>
public static class ErrorCodes
{
    /// <summary>A configuration value does not parse or is out of range.</summary>
    public const string ConfigurationValue = "CDCF1001";

    /// <summary>A configuration value is missing.</summary>
    public const string ConfigurationMissing = "CDCF1002";

    /// <summary>A key in a section is none that the connector has.</summary>
    public const string ConfigurationUnknownKey = "CDCF1003";

    /// <summary>A service that the pipeline's constructor takes is not registered.</summary>
    public const string ServiceMissing = "CDCF1004";

    /// <summary>Warning: a table is not as the schema lock had it when the program was compiled.</summary>
    public const string SchemaLockDiffers = "CDCF1042";

    /// <summary>A transform got a row whose value for a column did not come with the log.</summary>
    public const string UnchangedColumn = "CDCF2001";

    /// <summary>A transform uses a column that the log never carries.</summary>
    public const string NotCarriedColumn = "CDCF2031";

    /// <summary>A fan-out needs the full old row to take back what it had made of it, and the log does not carry it.</summary>
    public const string FanOutNeedsBefore = "CDCF2002";

    /// <summary>The user's transform threw.</summary>
    public const string TransformFailed = "CDCF2003";

    /// <summary>A NULL was read for a property that takes none.</summary>
    public const string NullColumn = "CDCF2004";

    /// <summary>Changes of a source are to be skipped that the pipeline does not have, or that has no such place to skip to.</summary>
    public const string SkipUnknown = "CDCF2032";

    /// <summary>More changes were rejected than <c>RejectsMax</c> allows.</summary>
    public const string TooManyRejects = "CDCF2040";

    /// <summary>Changes are to be set aside, and a sink has no place for them.</summary>
    public const string NoPlaceForRejects = "CDCF2041";

    /// <summary>Warning: changes were set aside or skipped.</summary>
    public const string ChangesRejected = "CDCF2042";

    /// <summary>A map gave its row another key than the one by which the row's delete travels.</summary>
    public const string KeyAltered = "CDCF2050";

    /// <summary>A sink gives a setting of its connection another value than the connection has.</summary>
    public const string ConnectionSettingDiffers = "CDCF2051";

    /// <summary>A label was read that is no member of the property's enum.</summary>
    public const string UnknownEnumLabel = "CDCF2005";

    /// <summary>JSON's own null was read for a property whose null is SQL NULL.</summary>
    public const string JsonNull = "CDCF2106";
}
