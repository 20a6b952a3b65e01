namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>Where a schema registry is and how to log in. Prints as its addresses only: it holds secrets.</summary>
internal sealed class SchemaRegistrySettings
{
    /// <summary>Addresses of one registry's instances; each ends in a slash. Tried in order.</summary>
    internal required IReadOnlyList<Uri> Addresses { get; init; }

    internal string? Username { get; init; }

    internal string? Password { get; init; }

    /// <summary>A bearer token (RFC 6750), instead of user name and password.</summary>
    internal string? Token { get; init; }

    /// <summary>PEM of the authorities that may have signed the registry's certificate; null for the system's roots.</summary>
    internal string? RootCertificateFile { get; init; }

    internal string? ClientCertificateFile { get; init; }

    internal string? ClientKeyFile { get; init; }

    /// <summary>How long one request may take.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The address of something in the registry, for whoever sends a request there by hand.</summary>
    internal Uri Of(string path) => new(Addresses[0], path);

    public override string ToString() => string.Join(", ", Addresses.Select(address => address.GetLeftPart(UriPartial.Path).TrimEnd('/')));
}
