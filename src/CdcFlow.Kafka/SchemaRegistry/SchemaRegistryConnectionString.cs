using System.Globalization;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>Reads <c>ConnectionStrings:{name}</c> of a registry: an address, or keywords as in <c>Url=https://registry:8081;Username=…;Password=…</c>.
/// See <c>docs/reference/schema-registry.md</c>.</summary>
internal static class SchemaRegistryConnectionString
{
    private static readonly ConnectionKeywords keywords = new(
        SchemaRegistryErrors.ConnectionString, ["Url", "Username", "Password", "Token", "Root Certificate", "SSL Certificate", "SSL Key", "Timeout"],
        "Url=https://registry:8081;Username=…;Password=…, or only https://registry:8081");

    /// <exception cref="CdcFlowException">CDCF5266: the sentence names keywords, never values.</exception>
    internal static SchemaRegistrySettings Parse(string connectionString)
    {
        if (!connectionString.Contains('=', StringComparison.Ordinal))
        {
            return new SchemaRegistrySettings { Addresses = Addresses(connectionString) };
        }

        var given = keywords.Read(connectionString);
        var settings = new SchemaRegistrySettings
        {
            Addresses = Addresses(given.Required("Url")),
            Username = given.Text("Username"),
            Password = given.Text("Password"),
            Token = given.Text("Token"),
            RootCertificateFile = given.Text("Root Certificate"),
            ClientCertificateFile = given.Text("SSL Certificate"),
            ClientKeyFile = given.Text("SSL Key"),
            Timeout = given.Seconds("Timeout", 30),
        };
        Check(settings);
        return settings;
    }

    private static void Check(SchemaRegistrySettings settings)
    {
        if (settings.Username is null != settings.Password is null || (settings.Username is not null && settings.Token is not null))
        {
            throw keywords.Refused("Username, Password and Token do not go together.", "Give a user name with its password, or a token, or none of them.");
        }

        if (settings.ClientCertificateFile is null != settings.ClientKeyFile is null)
        {
            throw keywords.Refused("A client's certificate needs both SSL Certificate and SSL Key.", "Name the PEM files of both.");
        }

        // Whoever holds a secret has to know to whom it goes.
        var isSecret = settings.Username is not null || settings.Token is not null;
        if (isSecret && settings.Addresses.Any(address => address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback))
        {
            throw keywords.Refused("A secret would be sent over http://.", "Write https:// in Url; http:// is for a registry on this machine, or without a login.");
        }
    }

    private static List<Uri> Addresses(string list)
    {
        List<Uri> addresses = [];
        foreach (var text in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // What is refused is not shown: it may carry a password.
            if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address)
                || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
                || address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0)
            {
                throw keywords.Refused(
                    string.Create(CultureInfo.InvariantCulture, $"Address number {addresses.Count + 1} of the registry is no plain http:// or https:// address."),
                    "Write it as https://registry:8081, and a login as Username and Password.");
            }

            addresses.Add(address);
        }

        return addresses.Count > 0 ? addresses : throw keywords.Refused("The connection string names no registry.", "Write https://registry:8081.");
    }
}
