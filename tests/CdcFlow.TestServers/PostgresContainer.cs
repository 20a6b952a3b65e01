using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;

namespace CdcFlow.TestServers;

/// <summary>A PostgreSQL in a container, without TLS: of image <c>POSTGRES_IMAGE</c>, else the vendor's.</summary>
/// <remarks>Check <see cref="ContainerEngine.Missing"/> first and skip with it.</remarks>
public sealed class PostgresContainer : IPostgres
{
    private static readonly string image = ContainerEngine.Image("POSTGRES_IMAGE", "postgres:17");
    private static readonly string[] settings = ["listen_addresses=*", "wal_level=logical", "max_wal_senders=20", "max_replication_slots=20", "fsync=off", "jit=off"];

    private readonly PostgreSqlContainer container = new PostgreSqlBuilder(image)
        .WithUsername(PostgresRole.Superuser.Name).WithPassword(PostgresRole.Superuser.Password).WithDatabase("postgres")
        .WithCommand([.. settings.SelectMany(setting => new[] { "-c", setting })])
        .WithLogger(NullLogger.Instance)
        .Build();

    private PostgresContainer()
    {
    }

    public string Origin => $"a container of {image}";

    public static async Task<PostgresContainer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new PostgresContainer();
        try
        {
            await server.container.StartAsync(cancellationToken);
            await using var superuser = NpgsqlDataSource.Create(server.ConnectionString(PostgresRole.Superuser, "postgres"));
            foreach (var statement in PostgresRole.Statements)
            {
                await using var command = superuser.CreateCommand(statement);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(PostgresRole role, string database) => new NpgsqlConnectionStringBuilder(container.GetConnectionString())
    {
        Username = role.Name,
        Password = role.Password,
        Database = database,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    public ValueTask DisposeAsync() => container.DisposeAsync();
}
