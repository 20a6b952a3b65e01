namespace CdcFlow.TestServers;

/// <summary>Where this machine's Kafka is.</summary>
public static class KafkaHome
{
    /// <summary><c>KAFKA_HOME</c>: a Kafka distribution, with <c>libs/*.jar</c>; null when there is none.</summary>
    public static string? Folder { get; } =
        Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } named && Directory.Exists(Path.Combine(named, "libs")) ? named : null;

    /// <summary>Null when a broker can be started here; otherwise the sentence to skip with.</summary>
    public static string? Missing => OperatingSystem.IsWindows()
        ? "The test broker needs a POSIX shell; this is Windows."
        : Folder is null ? "No Kafka found: unpack a Kafka distribution (4.0 or newer) and set KAFKA_HOME to its folder."
        : Java is null ? "Kafka needs Java 17 or newer: put java on PATH or set JAVA_HOME."
        : null;

    /// <summary>The program and the arguments that run one of Kafka's tools at full speed, its own arguments not among them.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) Tool(string mainClass) =>
        (Java ?? throw new InvalidOperationException(Missing), [.. KafkaFiles.QuietOptions, "-cp", ClassPath, mainClass]);

    internal static string? Java { get; } = Candidates().FirstOrDefault(File.Exists);

    internal static string ClassPath => Path.Combine(Folder ?? throw new InvalidOperationException(Missing), "libs", "*");

    private static IEnumerable<string> Candidates()
    {
        var homes = Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home ? [Path.Combine(home, "bin")] : Array.Empty<string>();
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return homes.Concat(path).Select(folder => Path.Combine(folder, "java"));
    }
}
