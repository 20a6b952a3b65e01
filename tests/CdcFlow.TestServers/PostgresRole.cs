namespace CdcFlow.TestServers;

/// <summary>A login of the test server.</summary>
/// <param name="Name">Role name.</param>
/// <param name="Password">Its password, for SCRAM over TCP.</param>
public sealed record PostgresRole(string Name, string Password)
{
    /// <summary>What makes the roles and the database <c>app</c> in a new server, each to be run by itself.</summary>
    internal static IEnumerable<string> Statements =>
    [
        $"CREATE ROLE {Cdc.Name} LOGIN REPLICATION PASSWORD '{Cdc.Password}'",
        $"CREATE ROLE {App.Name} LOGIN PASSWORD '{App.Password}'",
        $"CREATE DATABASE {PostgresServer.DefaultDatabase} OWNER {App.Name}",
    ];

    /// <summary>The superuser.</summary>
    public static PostgresRole Superuser { get; } = new("postgres", "pgpw");

    /// <summary>May replicate, owns nothing: what a pipeline should log in as.</summary>
    public static PostgresRole Cdc { get; } = new("cdc", "cdcpw");

    /// <summary>Owns the database <c>app</c>; may not replicate.</summary>
    public static PostgresRole App { get; } = new("app", "apppw");
}
