namespace CdcFlow.TestServers;

/// <summary>A throwaway PostgreSQL of which only the address matters, wherever it runs: what <see cref="PostgresFinder"/> finds.</summary>
/// <remarks>It has <c>wal_level=logical</c>, database <c>app</c> and the roles of <see cref="PostgresRole"/>, and ends with this process.</remarks>
public interface IPostgres : IAsyncDisposable
{
    /// <summary>Where the server comes from, for people.</summary>
    string Origin { get; }

    /// <summary>Connection string over TCP; with full certificate verification where the server has a certificate.</summary>
    string ConnectionString(PostgresRole role, string database = PostgresServer.DefaultDatabase);
}
