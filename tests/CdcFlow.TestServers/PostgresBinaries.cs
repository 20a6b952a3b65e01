namespace CdcFlow.TestServers;

/// <summary>Where this machine's PostgreSQL server is.</summary>
public static class PostgresBinaries
{
    /// <summary>Folder of <c>postgres</c> and <c>initdb</c>: <c>POSTGRES_BIN</c>, else the newest Debian package, else PATH; null when there is none.</summary>
    public static string? Folder { get; } = Candidates().FirstOrDefault(IsServer);

    /// <summary>Null when a server can be started here; otherwise the sentence to skip with.</summary>
    public static string? Missing => OperatingSystem.IsWindows()
        ? "The test PostgreSQL needs a POSIX shell; this is Windows."
        : Folder is null
            ? "No PostgreSQL server found: install postgresql (Debian: apt-get install postgresql) or set POSTGRES_BIN to the folder of postgres and initdb."
            : null;

    public static string Require() =>
        Missing is { } missing ? throw new InvalidOperationException(missing) : Folder!;

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("POSTGRES_BIN") is { Length: > 0 } named)
        {
            return [named];
        }

        const string debian = "/usr/lib/postgresql";
        var packaged = Directory.Exists(debian)
            ? Directory.GetDirectories(debian)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var series) ? series : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return packaged.Concat(path);
    }

    private static bool IsServer(string folder) =>
        File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));
}
