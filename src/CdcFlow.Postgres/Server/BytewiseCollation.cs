namespace CdcFlow.Postgres.Server;

/// <summary>The SQL that says whether a column's collation is proved to order texts by their bytes.</summary>
/// <remarks>
/// The server compares with <c>memcmp</c> under the C locale of its C library and under its own provider (17 and later). Every other locale has an order of its
/// own, whatever its name; and in an ICU database (15 and later) <c>LC_COLLATE</c> says nothing about the order. Bytes are those of UTF-8, in which the
/// client gets them, so another server encoding proves nothing either.
/// </remarks>
internal static class BytewiseCollation
{
    private const string CLibrary = "IN ('C', 'POSIX')";
    private const string BuiltIn = "IN ('C', 'C.UTF-8', 'PG_UNICODE_FAST')";
    private const int ProviderOfDatabases = 15;
    private const int BuiltInProvider = 17;

    /// <summary>A boolean expression; null and false: not proved.</summary>
    /// <param name="serverVersion">The server's series.</param>
    /// <param name="collation">The alias of the column's row of <c>pg_collation</c>.</param>
    /// <param name="database">The alias of the database's row of <c>pg_database</c>.</param>
    internal static string Sql(int serverVersion, string collation, string database)
    {
        var ofCollation = $"WHEN 'c' THEN {collation}.collcollate {CLibrary}";
        var ofDatabase = serverVersion < ProviderOfDatabases ? $"{database}.datcollate {CLibrary}"
            : $"CASE {database}.datlocprovider WHEN 'c' THEN {database}.datcollate {CLibrary}";
        if (serverVersion >= BuiltInProvider)
        {
            ofCollation += $" WHEN 'b' THEN {collation}.colllocale {BuiltIn}";
            ofDatabase += $" WHEN 'b' THEN {database}.datlocale {BuiltIn}";
        }

        var end = serverVersion < ProviderOfDatabases ? "" : " END";
        return $"pg_encoding_to_char({database}.encoding) = 'UTF8' AND CASE {collation}.collprovider {ofCollation} WHEN 'd' THEN {ofDatabase}{end} END";
    }
}
