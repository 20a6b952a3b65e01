using System.Net;

namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>The run-time error codes of the schema registry: CDCF5261–CDCF5279. Each has a row in <c>docs/reference/errors.md</c>.</summary>
/// <remarks>Messages name subjects and addresses, never a secret. A registry's own words are shown, shortened: they are about schemas.</remarks>
internal static class SchemaRegistryErrors
{
    /// <summary>The registry could not be reached, or cannot work just now.</summary>
    public const string Unreachable = "CDCF5261";

    /// <summary>TLS: a certificate or key does not load, or the registry's certificate is not to be trusted.</summary>
    public const string Tls = "CDCF5262";

    /// <summary>The registry refused the login, or the right to a subject.</summary>
    public const string Login = "CDCF5263";

    /// <summary>A schema is not compatible with the versions that its subject has.</summary>
    public const string Incompatible = "CDCF5264";

    /// <summary>The registry takes a schema for none.</summary>
    public const string SchemaInvalid = "CDCF5265";

    /// <summary>The connection string does not parse, says things that do not go together, or is missing.</summary>
    public const string ConnectionString = "CDCF5266";

    /// <summary>A schema is not registered, and the sink is not to register it.</summary>
    public const string NotRegistered = "CDCF5267";

    /// <summary>The registry refused for another reason.</summary>
    public const string Refused = "CDCF5268";

    /// <summary>A format and the registry do not go together.</summary>
    public const string FormatUnfit = "CDCF5269";

    /// <summary>A topic template has led to more subjects than a sink may have.</summary>
    public const string SubjectsTooMany = "CDCF5270";

    private const int WordsMax = 400;

    internal static CdcFlowException NotReached(SchemaRegistrySettings registry, Exception inner) => inner is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        ? new(Tls, $"The certificate of schema registry {registry} is not to be trusted, or it refuses this client's.",
            "Name the PEM file of the authority that signed it as Root Certificate in the registry's connection string.", inner: inner)
        : new(Unreachable, $"Schema registry {registry} cannot be reached or did not answer in time.",
            "The pipeline tries again from its last checkpoint; if it goes on, check Url and network.", ErrorDomain.External, isTransient: true, inner)
        { IsAway = true };

    internal static CdcFlowException CertificateUnreadable(string keyword, Exception inner) => new(
        Tls, $"The file that {keyword} names does not load: {inner.Message}", "Name a PEM file that this process may read.", inner: inner);

    internal static CdcFlowException NotCompatible(SchemaRegistrySettings registry, string subject, string? rule, string? reasons, string words) => new(
        Incompatible, $"The schema of subject '{subject}' has changed and is not {(rule is null ? "" : rule + " ")}compatible with its registered versions{(reasons is null ? "." : $": {Short(reasons)}")}{words}",
        $"Undo the change of the row type, or make it a compatible one (new columns nullable); or set another Topic; or set another compatibility rule for the subject: PUT {registry.Of($"config/{Uri.EscapeDataString(subject)}")} with {{\"compatibility\": \"NONE\"}}. Nothing was written.");

    internal static CdcFlowException Missing(string subject) => new(
        NotRegistered, $"The schema of the row type is not registered under subject '{subject}', and AutoRegisterSchemas is false.",
        "Start once with AutoRegisterSchemas = true and a login that may register, as a step of deployment. Nothing was written.");

    internal static CdcFlowException TooMany(string sink, int limit) => new(
        SubjectsTooMany, $"Sink '{sink}' needs schemas for more than {limit} topics.", "Set a Topic with fewer values of its placeholders, or SubjectNameStrategy = RecordName with a fixed Topic.");

    internal static CdcFlowException Unfit(string sink, string why, string fix) => new(FormatUnfit, $"Sink '{sink}' {why}.", fix);

    internal static CdcFlowException NoConnectionString(string connection) => new(
        ConnectionString, $"No connection string '{connection}' is configured for the schema registry.",
        $"Set ConnectionStrings:{connection}, as in https://registry:8081.");

    /// <summary>What an answer means that is neither success nor one that its request reckons with.</summary>
    internal static CdcFlowException Of(SchemaRegistrySettings registry, RegistryAnswer answer, string subject)
    {
        var said = $"Schema registry {registry} answered {(int)answer.Status}{(answer.ErrorCode is { } code ? $" (error_code {code})" : "")} for subject '{subject}'{Words(answer)}";
        return (answer.Status, answer.ErrorCode) switch
        {
            (HttpStatusCode.Unauthorized, _) => new(Login, said, "Check Username and Password, or Token, of the registry's connection string."),
            (HttpStatusCode.Forbidden, _) => new(Login, said, $"Give this login the right to read and write subject '{subject}'; where another login has registered the schema, reading is enough."),
            (HttpStatusCode.UnprocessableEntity, RegistryAnswer.ReadOnly) => new(Refused, said, $"Set the subject's mode to READWRITE: PUT {registry.Of($"mode/{Uri.EscapeDataString(subject)}")} with {{\"mode\": \"READWRITE\"}}; or let whoever may write there register the schema."),
            (HttpStatusCode.UnprocessableEntity, _) => new(SchemaInvalid, said, "The registry may not know this kind of schema: choose another Format."),
            (HttpStatusCode.TooManyRequests, _) or ( >= HttpStatusCode.InternalServerError, _) =>
                new(Unreachable, said, "The pipeline tries again from its last checkpoint; if it goes on, look into the registry's log.", ErrorDomain.External, isTransient: true) { IsAway = true },
            _ => new(Refused, said, "Check Url in the registry's connection string: it is where /subjects is, as in https://registry:8081.", ErrorDomain.External),
        };
    }

    /// <summary>The registry's own words, as the end of a sentence.</summary>
    internal static string Words(RegistryAnswer answer) => answer.Message is { Length: > 0 } message ? $": {Short(message)}" : ".";

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= WordsMax ? line : line[..WordsMax] + "…";
    }
}
